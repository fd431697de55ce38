package dev.pulso.local.database;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The output of a container. */
final class ContainerLog extends ResultCallback.Adapter<Frame> {
  private static final int LINES = 200;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private ContainerLog() {}

  static List<String> read(DockerClient docker, String container) {
    ContainerLog log = new ContainerLog();
    try {
      docker
          .logContainerCmd(container)
          .withStdOut(true)
          .withStdErr(true)
          .withTail(LINES)
          .exec(log)
          .awaitCompletion(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return log.printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void onNext(Frame frame) {
    printed.writeBytes(frame.getPayload());
  }
}
