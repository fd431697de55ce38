package dev.pulso.local.database;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ClusterConnectionMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.bson.Document;

/** Makes a server that was started with {@code --replSet pulso} the primary of a one-node set. */
final class ReplicaSet {
  static final String NAME = "pulso";

  private static final int NOT_YET_INITIALIZED = 94;
  private static final int POLL_MILLIS = 20;
  private static final int CONNECT_SECONDS = 5;
  private static final int READ_SECONDS = 15;

  private ReplicaSet() {}

  /** Returns the connection string of one server. */
  static String uri(String host, int port) {
    return "mongodb://" + host + ":" + port + "/?directConnection=true";
  }

  /**
   * Waits until the server is a writable primary. Initiates the set if necessary, and corrects its
   * configuration if the data were last served at another address.
   *
   * @param wanted configuration of the set
   * @param alive returns false if the server has ended
   */
  static void ensurePrimary(String uri, Document wanted, BooleanSupplier alive, Duration limit)
      throws NotThisWayException {
    try (MongoClient client = impatientClient(uri, Duration.ofMillis(250))) {
      MongoDatabase admin = client.getDatabase("admin");
      await(
          () -> {
            configure(admin, wanted);
            return isPrimary(admin);
          },
          alive,
          limit);
    }
  }

  /** Waits until a server is ready, which it may refuse to tell until then. */
  static void await(BooleanSupplier ready, BooleanSupplier alive, Duration limit)
      throws NotThisWayException {
    long end = System.nanoTime() + limit.toNanos();
    String last = "it does not answer";
    while (System.nanoTime() < end) {
      if (!alive.getAsBoolean()) {
        throw new NotThisWayException("it ended while starting");
      }
      try {
        if (ready.getAsBoolean()) {
          return;
        }
        last = "it answers, but is no primary";
      } catch (MongoException notYet) {
        last = notYet.getMessage();
      }
      pause();
    }
    throw new NotThisWayException("not ready within " + limit.toSeconds() + " s: " + last);
  }

  static boolean isPrimary(MongoDatabase admin) {
    return admin.runCommand(new Document("hello", 1)).getBoolean("isWritablePrimary", false);
  }

  private static void configure(MongoDatabase admin, Document wanted) {
    Document config;
    try {
      config = admin.runCommand(new Document("replSetGetConfig", 1)).get("config", Document.class);
    } catch (MongoCommandException e) {
      if (e.getErrorCode() != NOT_YET_INITIALIZED) {
        throw e;
      }
      admin.runCommand(new Document("replSetInitiate", wanted));
      return;
    }
    if (!host(config).equals(host(wanted))) {
      // Forced: a set whose only member has moved has no primary.
      config
          .append("members", wanted.get("members"))
          .append("version", config.getInteger("version") + 1);
      admin.runCommand(new Document("replSetReconfig", config).append("force", true));
    }
  }

  /**
   * Returns the configuration of a set with one member.
   *
   * @param self host and port by which the member reaches itself
   */
  static Document onlyMember(String self) {
    return new Document("_id", NAME)
        .append("members", List.of(new Document("_id", 0).append("host", self)));
  }

  /** The same for data that nobody needs later: a majority write waits for no journal. */
  static Document forgetfulMember(String self) {
    return onlyMember(self).append("writeConcernMajorityJournalDefault", false);
  }

  private static String host(Document config) {
    return config.getList("members", Document.class).getFirst().getString("host");
  }

  /**
   * Returns a client that notices a started server within milliseconds, and fails after {@code
   * patience} without one. Once connected, it allows a busy machine more time.
   */
  static MongoClient impatientClient(String uri, Duration patience) {
    return MongoClients.create(impatient(uri, patience).build());
  }

  /** Returns the same for the first server only, in any set. */
  static MongoClient directClient(String uri, Duration patience) {
    return MongoClients.create(
        impatient(uri, patience)
            .applyToClusterSettings(
                c ->
                    c.mode(ClusterConnectionMode.SINGLE)
                        .requiredReplicaSetName(null)
                        .hosts(List.of(first(uri))))
            .build());
  }

  private static ServerAddress first(String uri) {
    return new ServerAddress(new ConnectionString(uri).getHosts().getFirst());
  }

  private static MongoClientSettings.Builder impatient(String uri, Duration patience) {
    return MongoClientSettings.builder()
        .applyConnectionString(new ConnectionString(uri))
        .applyToClusterSettings(
            c -> c.serverSelectionTimeout(patience.toMillis(), TimeUnit.MILLISECONDS))
        .applyToServerSettings(s -> s.minHeartbeatFrequency(POLL_MILLIS, TimeUnit.MILLISECONDS))
        .applyToSocketSettings(
            s ->
                s.connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                    .readTimeout(READ_SECONDS, TimeUnit.SECONDS));
  }

  private static void pause() throws NotThisWayException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotThisWayException("interrupted while waiting for the server", e);
    }
  }
}
