package dev.pulso.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One mongod that is a child of this process, with a port and a folder of its own. */
final class Mongod {
  static final String SET = "faults";

  private final Path folder;
  private final int port = freePort();
  private final List<String> options;
  private Process process;

  /**
   * @param options more options of the command line
   */
  Mongod(Path folder, List<String> options) {
    this.folder = folder;
    this.options = options;
    start();
  }

  /** The binary: what {@code MONGOD} names, else mongod on the {@code PATH}. */
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

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  Process process() {
    return process;
  }

  /** Starts it, or starts it again over the same data. */
  void start() {
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
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(
                      folder.resolve("mongod-" + port + ".log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
