package dev.pulso.bench.process;

import dev.pulso.local.database.FreePort;
import dev.pulso.local.database.NotThisWayException;
import dev.pulso.local.database.PortTakenException;
import dev.pulso.local.database.Startup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A mongod child process with its own port and folder. */
final class Mongod {
  static final String SET = "faults";

  private final Path folder;
  private final int port;
  private final List<String> options;
  private Process process;

  private Mongod(Path folder, int port, List<String> options) throws PortTakenException {
    this.folder = folder;
    this.port = port;
    this.options = options;
    launch();
  }

  /**
   * Starts a mongod.
   *
   * @param options additional command line options
   */
  static Mongod start(Path folder, List<String> options) {
    return FreePort.start(port -> new Mongod(folder, port, options));
  }

  /** Returns the binary in {@code MONGOD}, else mongod on the {@code PATH}. */
  static Optional<Path> binary() {
    String named = System.getenv().getOrDefault("MONGOD", "");
    if (!named.isBlank()) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(part -> Path.of(part, "mongod"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  Process process() {
    return process;
  }

  /** Restarts it over the same data. */
  void restart() {
    try {
      launch();
    } catch (PortTakenException e) {
      throw new IllegalStateException("a member cannot be restarted", e);
    }
  }

  /** Starts it, and returns when it listens. */
  private void launch() throws PortTakenException {
    List<String> command =
        new ArrayList<>(
            List.of(
                binary().orElseThrow().toString(),
                "--replSet",
                SET,
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false"));
    command.addAll(options);
    try {
      Path data = Files.createDirectories(folder.resolve("data-" + port));
      command.addAll(List.of("--port", "" + port, "--dbpath", data.toString()));
      Path log = folder.resolve("mongod-" + port + ".log");
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Startup.await(process, port, log, Startup.MONGOD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NotThisWayException e) {
      process.destroyForcibly();
      throw new IllegalStateException("mongod does not start: " + e.getMessage(), e);
    }
  }
}
