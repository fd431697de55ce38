package dev.pulso.bench.push;

import dev.pulso.bench.process.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server of {@code ./run} as a process that can be killed and started again on its port. */
final class RunServer implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("Pulso is ready on http://localhost:([0-9]+)");
  private static final Pattern PROBLEM =
      Pattern.compile("\"level\":\"ERROR\"|^\\[[^]]*] (WARN|ERROR)");
  private static final Pattern HEAP = Pattern.compile("total [0-9]+K, used ([0-9]+)K");
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private final Map<String, String> environment;
  private final Consumer<String> problems;
  private final Thread hook = new Thread(() -> kill(), "stop-run");
  private Child child;
  private int port;

  /**
   * Starts it.
   *
   * @param uri of its database
   * @param home folder of its files
   * @param problems receives lines that tell of failures
   */
  RunServer(String uri, String database, Path home, Consumer<String> problems) {
    this.environment =
        Map.of(
            "MONGODB_URI",
            uri,
            "MONGODB_DATABASE",
            database,
            "PULSO_HOME",
            home.toString(),
            "STATUS_RATE_LIMIT",
            "off");
    this.problems = problems;
    Runtime.getRuntime().addShutdownHook(hook);
    start();
    // It leaves its classes for those that follow, as wherever ./run ended in order once.
    child.process().toHandle().destroy();
    child.process().onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    start();
  }

  /** Starts it, on the port that it had, and returns when it is ready. */
  void start() {
    List<String> command = List.of("./run", "--no-demo", "--port", Integer.toString(port));
    child = Child.start(root(), command, environment);
    port = Integer.parseInt(child.awaitLine(READY).group(1));
    child.drain(
        line -> {
          if (PROBLEM.matcher(line).find()) {
            problems.accept(line);
          }
        });
  }

  /** Returns the folder of the project: tests run in that of their module. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("template.yaml"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  int port() {
    return port;
  }

  /** Sends SIGKILL. */
  void kill() {
    Child.kill(child.process());
  }

  /** Returns its resident memory. */
  long residentMb() {
    String pid = Long.toString(child.process().pid());
    return Long.parseLong(Child.run(List.of("ps", "-o", "rss=", "-p", pid), Map.of()).strip())
        >> 10;
  }

  /** Collects its garbage, and returns what is left. */
  long liveHeapMb() {
    jcmd("GC.run");
    Matcher parts = HEAP.matcher(jcmd("GC.heap_info"));
    return parts.results().mapToLong(part -> Long.parseLong(part.group(1))).sum() >> 10;
  }

  private String jcmd(String command) {
    String pid = Long.toString(child.process().pid());
    return Child.run(List.of(BIN.resolve("jcmd").toString(), pid, command), Map.of());
  }

  /** Returns its processor time so far. */
  Duration cpu() {
    return child.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
