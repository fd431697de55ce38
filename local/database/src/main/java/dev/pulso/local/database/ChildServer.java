package dev.pulso.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A server process that ends with this JVM at the latest, and its folder, which goes with it. */
record ChildServer(Process process, Path folder) implements AutoCloseable {

  /** Says how to start a server, with its data in a folder that goes with it or elsewhere. */
  @FunctionalInterface
  interface Command {
    List<String> in(Path folder) throws IOException;
  }

  /** Starts it, and returns when it listens. */
  static ChildServer start(String name, int port, String sign, Command command)
      throws PortTakenException, NotThisWayException {
    try {
      Path folder = Files.createTempDirectory("pulso-" + name + "-");
      Path log = log(folder);
      ChildServer server =
          new ChildServer(MongodProcess.startWatched(command.in(folder), folder, log), folder);
      try {
        Startup.await(server.process, port, log, sign);
        return server;
      } catch (PortTakenException | NotThisWayException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new NotThisWayException("it can't be prepared: " + e.getMessage(), e);
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("server.log");
  }

  Path log() {
    return log(folder);
  }

  /** Asks it to end, so that data which are kept are in order. */
  void stop() {
    MongodProcess.stop(process.toHandle());
    deleteFolder();
  }

  @Override
  public void close() {
    MongodProcess.kill(process.toHandle());
    deleteFolder();
  }

  private void deleteFolder() {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
