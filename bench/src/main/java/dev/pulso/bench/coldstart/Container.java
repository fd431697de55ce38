package dev.pulso.bench.coldstart;

import dev.pulso.bench.process.Child;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A function in the Lambda image, from its cold start to its first answer. */
final class Container {
  static final String IMAGE = "public.ecr.aws/lambda/java:25-x86_64";

  /** Arguments of {@code docker create}, after those that all have in common. */
  private final List<String> arguments;

  private final Map<String, String> environment;

  private Container(List<String> arguments, Map<String, String> environment) {
    this.arguments = arguments;
    this.environment = environment;
  }

  /** Returns a function that is deployed as a zip file of this content. */
  static Container zip(Path artifact, String handler, Map<String, String> environment) {
    return new Container(
        List.of(
            "--memory",
            "512m",
            "--volume",
            artifact.toAbsolutePath() + ":/var/task:ro",
            "--env",
            "_HANDLER=" + handler,
            "--entrypoint",
            "/var/runtime/bootstrap",
            IMAGE),
        environment);
  }

  /** Returns a function that is deployed as an image. */
  static Container image(String tag, String handler, Map<String, String> environment) {
    return new Container(List.of("--memory", "512m", tag, handler), environment);
  }

  static boolean isPossible() {
    try {
      docker("image", "inspect", IMAGE);
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }

  /** Starts a container, and returns the time to its first answer, in ns. */
  long coldStart(String event) {
    // One API per container: a removed container may still appear to wait for an event.
    try (RuntimeApi api = new RuntimeApi()) {
      String id = create(api, environment, arguments);
      try {
        api.offer(event);
        long begun = System.nanoTime();
        docker("start", id);
        return answer(api, event, id).at() - begun;
      } finally {
        docker("rm", "--force", id);
      }
    }
  }

  /**
   * Creates a container of a function of 512 MB, and returns its id.
   *
   * @param arguments of {@code docker create}, after those that all have in common
   */
  static String create(RuntimeApi api, Map<String, String> environment, List<String> arguments) {
    List<String> create = new ArrayList<>(List.of("create", "--network", "host"));
    environment.forEach((name, value) -> create.addAll(List.of("--env", name + "=" + value)));
    create.addAll(List.of("--env", "AWS_LAMBDA_RUNTIME_API=" + api.address()));
    create.addAll(List.of("--env", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512"));
    create.addAll(arguments);
    return docker(create.toArray(String[]::new));
  }

  /**
   * Returns the answer to an event.
   *
   * @throws IllegalStateException with the container's log, if it is not a 200
   */
  static RuntimeApi.Answer answer(RuntimeApi api, String event, String id) {
    try {
      return api.awaitAnswer()
          .filter(answer -> answer.body().contains("\"statusCode\":200"))
          .orElseThrow(() -> new IllegalStateException(event + " failed: " + docker("logs", id)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static String docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Child.run(command, Map.of());
  }
}
