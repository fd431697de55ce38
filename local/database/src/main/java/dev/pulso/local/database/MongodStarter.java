package dev.pulso.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs a mongod of this machine as a one-node replica set on a free loopback port. */
final class MongodStarter {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private MongodStarter() {}

  static MongoServer start(MongodBinary binary, Wish wish) throws NotThisWayException {
    if (wish.folder().isEmpty()) {
      return startForThisJvm(binary);
    }
    DataFolder folder = DataFolder.hold(wish.folder().get());
    try {
      Optional<LeftMongod> left = LeftMongod.of(folder);
      return left.isPresent() ? adopt(folder, left.get(), wish) : startIn(folder, binary, wish);
    } catch (NotThisWayException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static MongoServer startForThisJvm(MongodBinary binary) throws NotThisWayException {
    Path folder = temporaryFolder();
    Path log = folder.resolve("mongod.log");
    int port = Loopback.freePort();
    List<String> command = command(binary, folder, port);
    // A test's database is small and short: no need of half the machine's memory, or of metrics.
    command.addAll(
        List.of(
            "--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=0"));
    ProcessHandle process = MongodProcess.startWatched(command, folder, log).toHandle();
    awaitPrimary(process, port, log);
    return MongoServer.started(uri(port), binary.origin(), () -> MongodProcess.kill(process));
  }

  private static MongoServer startIn(DataFolder folder, MongodBinary binary, Wish wish)
      throws NotThisWayException {
    int port =
        folder
            .left()
            .map(DataFolder.Left::port)
            .filter(Loopback::isFree)
            .orElseGet(Loopback::freePort);
    folder.remember(port, OptionalLong.empty());
    ProcessHandle process =
        MongodProcess.start(command(binary, folder.data(), port), folder.log(), wish.environment());
    folder.remember(port, OptionalLong.of(process.pid()));
    awaitPrimary(process, port, folder.log());
    return server(folder, process, port, binary.origin());
  }

  private static MongoServer adopt(DataFolder folder, LeftMongod left, Wish wish)
      throws NotThisWayException {
    wish.say("An earlier run left its mongod running (process " + left.process().pid() + ")");
    awaitPrimary(left.process(), left.port(), folder.log());
    String origin = "mongod of an earlier run (" + left.binary() + ")";
    return server(folder, left.process(), left.port(), origin);
  }

  private static MongoServer server(
      DataFolder folder, ProcessHandle process, int port, String origin) {
    return MongoServer.started(
        uri(port),
        origin,
        () -> {
          MongodProcess.stop(process);
          folder.remember(port, OptionalLong.empty());
          folder.close();
        });
  }

  private static void awaitPrimary(ProcessHandle process, int port, Path log)
      throws NotThisWayException {
    try {
      ReplicaSet.ensurePrimary(uri(port), Loopback.HOST + ":" + port, process::isAlive, LIMIT);
    } catch (NotThisWayException e) {
      MongodProcess.kill(process);
      throw new NotThisWayException(e.getMessage() + " (" + MongodLog.reason(log) + ")", e);
    }
  }

  private static String uri(int port) {
    return ReplicaSet.uri(Loopback.HOST, port);
  }

  private static List<String> command(MongodBinary binary, Path data, int port) {
    return new ArrayList<>(
        List.of(
            binary.file().toString(),
            "--replSet",
            ReplicaSet.NAME,
            "--bind_ip",
            Loopback.HOST,
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
}
