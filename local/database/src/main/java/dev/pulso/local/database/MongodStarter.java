package dev.pulso.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Runs a mongod of this machine as a one-node replica set on a free loopback port. */
final class MongodStarter {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private MongodStarter() {}

  static MongoServer start(MongodBinary binary, Wish wish) throws NotThisWayException {
    if (wish.folder().isEmpty()) {
      return startForThisJvm(binary);
    }
    DataFolder folder = DataFolder.hold(wish.folder().get());
    try {
      return startIn(folder, binary, wish);
    } catch (NotThisWayException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static MongoServer startForThisJvm(MongodBinary binary) throws NotThisWayException {
    Path folder = temporaryFolder();
    Path log = folder.resolve("mongod.log");
    int port = freePort();
    List<String> command = command(binary, folder, port);
    // A test database is small and short: no need for half of the machine's memory or for metrics.
    command.addAll(
        List.of(
            "--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=0"));
    Process process = MongodProcess.startWatched(command, folder, log);
    ProcessHandle handle = process.toHandle();
    await(handle, port, log);
    return MongoServer.started(
        ReplicaSet.uri(LOOPBACK, port), binary.origin(), () -> MongodProcess.kill(handle));
  }

  private static MongoServer startIn(DataFolder folder, MongodBinary binary, Wish wish)
      throws NotThisWayException {
    int port =
        folder
            .left()
            .map(DataFolder.Left::port)
            .filter(MongodStarter::isFree)
            .orElseGet(MongodStarter::freePort);
    folder.remember(port, OptionalLong.empty());
    ProcessHandle process =
        MongodProcess.start(command(binary, folder.data(), port), folder.log(), wish.environment());
    folder.remember(port, OptionalLong.of(process.pid()));
    await(process, port, folder.log());
    return MongoServer.started(
        ReplicaSet.uri(LOOPBACK, port),
        binary.origin(),
        () -> {
          MongodProcess.stop(process);
          folder.close();
        });
  }

  private static void await(ProcessHandle process, int port, Path log) throws NotThisWayException {
    try {
      ReplicaSet.ensurePrimary(
          ReplicaSet.uri(LOOPBACK, port), LOOPBACK + ":" + port, process::isAlive, LIMIT);
    } catch (NotThisWayException e) {
      MongodProcess.kill(process);
      throw new NotThisWayException(e.getMessage() + " (" + MongodLog.reason(log) + ")", e);
    }
  }

  private static List<String> command(MongodBinary binary, Path data, int port) {
    return new ArrayList<>(
        List.of(
            binary.file().toString(),
            "--replSet",
            ReplicaSet.NAME,
            "--bind_ip",
            LOOPBACK,
            "--port",
            Integer.toString(port),
            "--nounixsocket",
            "--dbpath",
            data.toString()));
  }

  private static Path temporaryFolder() throws NotThisWayException {
    try {
      return Files.createTempDirectory("pulso-mongodb-");
    } catch (IOException e) {
      throw new NotThisWayException("no temporary folder can be made: " + e.getMessage(), e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
