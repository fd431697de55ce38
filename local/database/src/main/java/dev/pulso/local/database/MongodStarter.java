package dev.pulso.local.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bson.Document;

/** Runs a mongod as a one-node replica set on a free loopback port. */
final class MongodStarter {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private MongodStarter() {}

  static MongoServer start(MongodBinary binary, Wish wish) throws NotThisWayException {
    return wish.folder().isPresent()
        ? startIn(DataFolder.hold(wish.folder().get()), binary)
        : startForThisJvm(binary);
  }

  private static MongoServer startForThisJvm(MongodBinary binary) throws NotThisWayException {
    return FreePort.start(
        port -> {
          ChildServer server =
              primary(
                  port,
                  folder -> shortLived(command(binary, folder, port)),
                  ReplicaSet::forgetfulMember);
          return MongoServer.started(uri(port), binary.origin(), server::close);
        });
  }

  private static MongoServer startIn(DataFolder folder, MongodBinary binary)
      throws NotThisWayException {
    try {
      return FreePort.start(
          port -> {
            ChildServer server =
                primary(port, _ -> command(binary, folder.data(), port), ReplicaSet::onlyMember);
            return MongoServer.started(
                uri(port),
                binary.origin(),
                () -> {
                  server.stop();
                  folder.close();
                });
          });
    } catch (NotThisWayException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static ChildServer primary(
      int port, ChildServer.Command command, Function<String, Document> set)
      throws PortTakenException, NotThisWayException {
    ChildServer server = ChildServer.start("mongodb", port, Startup.MONGOD, command);
    try {
      Document wanted = set.apply(Loopback.HOST + ":" + port);
      ReplicaSet.ensurePrimary(uri(port), wanted, server.process()::isAlive, LIMIT);
      return server;
    } catch (NotThisWayException e) {
      String reason = MongodLog.reason(server.log());
      server.close();
      throw new NotThisWayException(e.getMessage() + " (" + reason + ")", e);
    }
  }

  /**
   * Test databases are small and short-lived: they need little memory and no diagnostics. The files
   * of a dropped one stay open for five minutes otherwise, until a process may open no more; to
   * drop one takes 100 ms, until the journal is written; and a checkpoint of a minute of them stops
   * all writes for seconds. Nothing needs to leave the cache between checkpoints: a server of
   * thousands of small files spends a tenth of its time on the search for it. No old document of a
   * test vanishes at the turn of a minute.
   */
  static List<String> shortLived(List<String> command) {
    command.addAll(
        List.of(
            "--syncdelay",
            "5",
            "--journalCommitInterval",
            "5",
            "--wiredTigerCacheSizeGB",
            "1",
            "--wiredTigerEngineConfigString",
            "log=(file_max=16MB),eviction=(threads_min=1,threads_max=1),"
                + "eviction_dirty_target=60,eviction_dirty_trigger=80,"
                + "eviction_updates_target=60,eviction_updates_trigger=80",
            "--setParameter",
            "diagnosticDataCollectionEnabled=0",
            "--setParameter",
            "ttlMonitorEnabled=false",
            "--setParameter",
            "minSnapshotHistoryWindowInSeconds=10"));
    return command;
  }

  private static String uri(int port) {
    return ReplicaSet.uri(Loopback.HOST, port);
  }

  static List<String> command(MongodBinary binary, Path data, int port) {
    List<String> command = alone(binary, data, port);
    command.addAll(List.of("--replSet", ReplicaSet.NAME));
    return command;
  }

  static List<String> alone(MongodBinary binary, Path data, int port) {
    return new ArrayList<>(
        List.of(
            binary.file().toString(),
            "--bind_ip",
            Loopback.HOST,
            "--port",
            Integer.toString(port),
            "--nounixsocket",
            "--dbpath",
            data.toString()));
  }
}
