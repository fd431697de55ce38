package dev.pulso.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A server process that ends with this JVM at the latest, together with its folder. */
record ChildServer(Process process, Path folder) implements AutoCloseable {

  /** Builds the command of a server. */
  @FunctionalInterface
  interface Command {
    List<String> in(Path folder) throws IOException;
  }

  /** Starts a server, and returns when it listens. */
  static ChildServer start(String name, int port, String sign, Command command)
      throws PortTakenException, NotThisWayException {
    try {
      Path folder = Folders.temporary("pulso-" + name + "-");
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
      throw new NotThisWayException("cannot prepare it: " + e.getMessage(), e);
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("server.log");
  }

  Path log() {
    return log(folder);
  }

  /** Stops it gracefully, so that its data files are clean. */
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
