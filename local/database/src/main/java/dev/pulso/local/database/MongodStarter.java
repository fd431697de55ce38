package dev.pulso.local.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    return FreePort.start(port -> startForThisJvm(binary, port));
  }

  private static MongoServer startForThisJvm(MongodBinary binary, int port)
      throws PortTakenException, NotThisWayException {
    ChildServer server =
        ChildServer.start(
            "mongodb", port, Startup.MONGOD, folder -> shortLived(command(binary, folder, port)));
    try {
      awaitPrimary(server.process().toHandle(), port, server.log());
    } catch (NotThisWayException e) {
      server.close();
      throw e;
    }
    return MongoServer.started(uri(port), binary.origin(), server::close);
  }

  static MongoServer standalone(MongodBinary binary) throws NotThisWayException {
    return FreePort.start(
        port -> {
          ChildServer server =
              ChildServer.start(
                  "mongodb",
                  port,
                  Startup.MONGOD,
                  folder -> shortLived(alone(binary, folder, port)));
          return MongoServer.started(uri(port), binary.origin(), server::close);
        });
  }

  /** The command of a member whose replication a test can stop. */
  static List<String> testable(MongodBinary binary, Path folder, int port) {
    List<String> command = shortLived(command(binary, folder, port));
    command.addAll(List.of("--setParameter", "enableTestCommands=1"));
    return command;
  }

  /** A test's database is small and short: no need of half the machine's memory, or of metrics. */
  private static List<String> shortLived(List<String> command) {
    command.addAll(
        List.of(
            "--wiredTigerCacheSizeGB", "1", "--setParameter", "diagnosticDataCollectionEnabled=0"));
    return command;
  }

  private static MongoServer startIn(DataFolder folder, MongodBinary binary, Wish wish)
      throws NotThisWayException {
    Deque<Integer> last = new ArrayDeque<>();
    folder.left().map(DataFolder.Left::port).ifPresent(last::add);
    return FreePort.start(
        () -> last.isEmpty() ? FreePort.any() : last.remove(),
        port -> startIn(folder, binary, wish, port));
  }

  private static MongoServer startIn(DataFolder folder, MongodBinary binary, Wish wish, int port)
      throws PortTakenException, NotThisWayException {
    folder.remember(port, OptionalLong.empty());
    Process process =
        MongodProcess.start(command(binary, folder.data(), port), folder.log(), wish.environment());
    folder.remember(port, OptionalLong.of(process.pid()));
    try {
      Startup.await(process, port, folder.log(), Startup.MONGOD);
    } catch (NotThisWayException e) {
      MongodProcess.kill(process.toHandle());
      throw e;
    }
    awaitPrimary(process.toHandle(), port, folder.log());
    return server(folder, process.toHandle(), port, binary.origin());
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
    List<String> command = alone(binary, data, port);
    command.addAll(List.of("--replSet", ReplicaSet.NAME));
    return command;
  }

  private static List<String> alone(MongodBinary binary, Path data, int port) {
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
