package dev.pulso.bench.status;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./run} over a database of the bench's, in a process of its own. */
final class RunningServer implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("Pulso is ready on http://localhost:([0-9]+)");

  private final Process process;
  private final int port;

  private RunningServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it is ready. */
  static RunningServer start(String uri, String database) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder("./run", "--port", "0", "--no-demo").redirectErrorStream(true);
      builder
          .environment()
          .putAll(
              Map.of(
                  "MONGODB_URI",
                  uri,
                  "MONGODB_DATABASE",
                  database,
                  "STATUS_RATE_LIMIT",
                  "off",
                  "PULSO_HOME",
                  Path.of(".pulso", "bench", "run").toString()));
      Process process = builder.start();
      process.getOutputStream().close();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder said = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said.append(line).append('\n');
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          int port = Integer.parseInt(ready.group(1));
          Thread.startVirtualThread(() -> output.lines().forEach(unread -> {}));
          return new RunningServer(process, port);
        }
      }
      throw new IllegalStateException("./run did not get ready:\n" + said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
