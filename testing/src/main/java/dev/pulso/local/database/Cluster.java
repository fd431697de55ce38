package dev.pulso.local.database;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.bson.Document;

/** A replica set of processes that tests can hold back, kill and reconfigure. */
public final class Cluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Optional<Path> disk;
  private final List<String> options;
  private final List<Member> members = new ArrayList<>();
  private MongoClient client; // Null until all members run.

  private Cluster(
      int size, int priority, Document settings, Optional<Path> disk, List<String> options) {
    this.disk = disk;
    this.options = options;
    try {
      MongodBinary binary = binary();
      for (int i = 0; i < size; i++) {
        members.add(
            FreePort.start(port -> new Member(port, folder -> command(binary, folder, port))));
      }
      initiate(priority, settings);
      client =
          MongoClients.create(
              MongoClientSettings.builder()
                  .applyConnectionString(new ConnectionString(uri()))
                  .applyToServerSettings(s -> s.minHeartbeatFrequency(20, TimeUnit.MILLISECONDS))
                  .build());
      awaitPrimary();
      awaitSecondaries();
    } catch (NotThisWayException e) {
      close();
      throw new MongoUnavailableException("no mongod: " + e.getMessage());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts three members, in memory if possible, whose replication tests can stop. Only the first
   * may become primary, and the others copy from it: one that copied from a lagging one would lag
   * too.
   */
  public static Cluster lagging() {
    return new Cluster(
        3,
        0,
        new Document("chainingAllowed", false),
        Optional.empty(),
        List.of("--setParameter", "enableTestCommands=1"));
  }

  /**
   * Starts equal members for measurements: their data are on disk, and they have mongod's own
   * settings.
   *
   * @param options additional options of each mongod
   */
  public static Cluster onDisk(int size, String... options) {
    List<String> all =
        new ArrayList<>(List.of("--setParameter", "diagnosticDataCollectionEnabled=false"));
    all.addAll(List.of(options));
    try {
      Optional<Path> disk = Optional.of(Files.createTempDirectory("pulso-cluster-"));
      return new Cluster(size, 1, new Document(), disk, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns why no set can be started: this machine has no mongod, and can fetch none. */
  public static Optional<String> obstacle() {
    try {
      binary();
      return Optional.empty();
    } catch (NotThisWayException e) {
      return Optional.of("no mongod: " + e.getMessage());
    }
  }

  private static MongodBinary binary() throws NotThisWayException {
    return MongodBinary.any(new Wish(Optional.empty(), System.getenv(), line -> {}));
  }

  private static final class Member {
    private final int port;
    private final ChildServer.Command command;
    private ChildServer server;

    Member(int port, ChildServer.Command command) throws PortTakenException, NotThisWayException {
      this.port = port;
      this.command = command;
      start();
    }

    void start() throws PortTakenException, NotThisWayException {
      server = ChildServer.start("member", port, Startup.MONGOD, command);
    }

    String address() {
      return Loopback.HOST + ":" + port;
    }

    void run(Document command) {
      try (MongoClient direct = MongoClients.create(ReplicaSet.uri(Loopback.HOST, port))) {
        direct.getDatabase("admin").runCommand(command);
      }
    }
  }

  private List<String> command(MongodBinary binary, Path folder, int port) throws IOException {
    List<String> command =
        disk.isPresent()
            ? MongodStarter.command(
                binary, Files.createDirectories(disk.get().resolve("" + port)), port)
            : MongodStarter.shortLived(MongodStarter.command(binary, folder, port));
    command.addAll(options);
    return command;
  }

  private void initiate(int priority, Document settings) {
    List<Document> config = new ArrayList<>();
    for (Member member : members) {
      config.add(
          new Document("_id", config.size())
              .append("host", member.address())
              .append("priority", config.isEmpty() ? 1 : priority));
    }
    Document set =
        new Document("_id", ReplicaSet.NAME).append("members", config).append("settings", settings);
    members.getFirst().run(new Document("replSetInitiate", set));
  }

  /** Returns the connection string of all members. */
  public String uri() {
    return uri("");
  }

  /** Returns the same with options, each after a {@code &}. */
  public String uri(String options) {
    return members.stream()
        .map(Member::address)
        .collect(Collectors.joining(","))
        .transform(hosts -> "mongodb://" + hosts + "/?replicaSet=" + ReplicaSet.NAME + options);
  }

  /** Returns a client for observers; its operations wait for a primary. */
  public MongoClient client() {
    return client;
  }

  /** Returns a database for programs other than Pulso. */
  public MongoDatabase database(String name) {
    return client.getDatabase(name);
  }

  /** Returns the process of the first member. */
  public Process process() {
    return members.getFirst().server.process();
  }

  /** Kills the first member (SIGKILL), and restarts it over the same data on disk. */
  public void killAndRestart() {
    members.getFirst().server.close();
    try {
      members.getFirst().start();
    } catch (PortTakenException | NotThisWayException e) {
      throw new IllegalStateException("a member cannot be restarted", e);
    }
    awaitPrimary();
  }

  /** Makes the primary step down, even if others lack some of its writes. */
  public void stepDown() {
    database("admin")
        .runCommand(
            new Document("replSetStepDown", 20)
                .append("secondaryCatchUpPeriodSecs", 2)
                .append("force", true));
  }

  /** Waits for a writable primary. */
  public void awaitPrimary() {
    MongoDatabase admin = database("admin");
    try {
      ReplicaSet.await(() -> ReplicaSet.isPrimary(admin), process()::isAlive, LIMIT);
    } catch (NotThisWayException e) {
      throw new IllegalStateException("no primary", e);
    }
  }

  /** Waits until the secondaries have caught up, then stops replication to this many of them. */
  public void holdSecondaries(int count) {
    awaitSecondaries();
    members.subList(1, 1 + count).forEach(member -> holds(member, "alwaysOn"));
  }

  /** Resumes replication, and returns when it has caught up. */
  public void letGo() {
    members.subList(1, members.size()).forEach(member -> holds(member, "off"));
    awaitSecondaries();
  }

  private void awaitSecondaries() {
    Document all = new Document("w", members.size()).append("wtimeout", LIMIT.toMillis());
    database("admin")
        .runCommand(
            new Document("appendOplogNote", 1)
                .append("data", new Document())
                .append("writeConcern", all));
  }

  private static void holds(Member member, String mode) {
    member.run(new Document("configureFailPoint", "rsSyncApplyStop").append("mode", mode));
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    members.forEach(member -> member.server.close());
    try {
      if (disk.isPresent()) {
        Folders.delete(disk.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
