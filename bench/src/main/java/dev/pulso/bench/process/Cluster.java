package dev.pulso.bench.process;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * A replica set of child processes that tests can kill, freeze and reconfigure; deleted when
 * closed.
 */
public final class Cluster implements AutoCloseable {
  private static final Document PING = new Document("ping", 1);

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path folder;
  private final List<Mongod> members = new ArrayList<>();
  private final Thread hook = new Thread(this::killAll, "stop-mongod");
  private final MongoClient client;

  /**
   * Starts a set, and waits for its primary.
   *
   * @param size number of members
   * @param options additional options of each mongod
   */
  public Cluster(int size, String... options) {
    try {
      folder = Files.createTempDirectory("pulso-faults-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(hook);
    for (int i = 0; i < size; i++) {
      members.add(Mongod.start(folder, List.of(options)));
    }
    initiate();
    client =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri()))
                .applyToServerSettings(s -> s.minHeartbeatFrequency(20, TimeUnit.MILLISECONDS))
                .build());
    awaitPrimary();
  }

  /** Returns whether mongod is installed. */
  public static boolean isPossible() {
    return Mongod.binary().isPresent();
  }

  /** Exits this program if mongod is not installed. */
  public static void require() {
    if (!isPossible()) {
      System.err.println("mongod is missing: put it on the PATH, or name it in MONGOD.");
      System.exit(1);
    }
  }

  private void initiate() {
    List<Document> config = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      config.add(new Document("_id", i).append("host", members.get(i).address()));
    }
    // The first member rejects a set if another member does not answer yet.
    members.forEach(member -> withMember(member, admin -> admin.runCommand(PING)));
    withMember(
        members.getFirst(),
        admin ->
            admin.runCommand(
                new Document(
                    "replSetInitiate",
                    new Document("_id", Mongod.SET)
                        .append("members", config)
                        .append("settings", new Document("electionTimeoutMillis", 2_000)))));
  }

  /** Waits for a member, and runs work on it directly. */
  private static void withMember(Mongod member, Consumer<MongoDatabase> work) {
    String uri = "mongodb://" + member.address() + "/?directConnection=true";
    try (MongoClient direct = MongoClients.create(uri)) {
      work.accept(direct.getDatabase("admin"));
    }
  }

  /** Returns the connection string of all members. */
  public String uri() {
    return "mongodb://"
        + members.stream().map(Mongod::address).collect(Collectors.joining(","))
        + "/?replicaSet="
        + Mongod.SET;
  }

  /** Returns a client for observers; its operations wait for a primary. */
  public MongoClient client() {
    return client;
  }

  /** Returns a database for programs other than Pulso. */
  public MongoDatabase database(String name) {
    return client.getDatabase(name);
  }

  /** Returns the process of a one-node set. */
  private Process only() {
    return members.getFirst().process();
  }

  /** Sends SIGSTOP: its sockets stay open, but it does nothing. */
  public void freeze() {
    Child.run(List.of("kill", "-STOP", "" + only().pid()), Map.of());
  }

  /** Sends SIGCONT. */
  public void thaw() {
    Child.run(List.of("kill", "-CONT", "" + only().pid()), Map.of());
  }

  /** Sends SIGKILL, and restarts it over the same data. */
  public void killAndRestart() {
    Child.kill(only());
    members.getFirst().restart();
    awaitPrimary();
  }

  /** Makes the primary step down, even if others lack some of its writes. */
  public void stepDown() {
    client
        .getDatabase("admin")
        .runCommand(
            new Document("replSetStepDown", 20)
                .append("secondaryCatchUpPeriodSecs", 2)
                .append("force", true));
  }

  /** Waits for a writable primary. */
  public void awaitPrimary() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        if (client
            .getDatabase("admin")
            .runCommand(new Document("hello", 1))
            .getBoolean("isWritablePrimary", false)) {
          return;
        }
      } catch (MongoException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no primary within " + LIMIT.toSeconds() + " s");
      }
    }
  }

  private void killAll() {
    members.forEach(member -> member.process().destroyForcibly());
  }

  @Override
  public void close() {
    client.close();
    for (Mongod member : members) {
      Child.kill(member.process());
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
