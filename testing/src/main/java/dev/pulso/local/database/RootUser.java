package dev.pulso.local.database;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.bson.Document;

/** The first user of a guarded server, who may do everything. */
final class RootUser {
  static final String NAME = "root";

  /** Another one in each JVM; the server dies with it. Begins with what ./verify looks out for. */
  static final String PASSWORD = "pl4nted" + new BigInteger(128, new SecureRandom()).toString(36);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private RootUser() {}

  /**
   * Makes a server the primary of a set of its own and gives it its first user, which as long as
   * there is none anybody on the server's own machine may do.
   */
  static void make(String uri, String self, BooleanSupplier alive) throws NotThisWayException {
    Document member = new Document("_id", 0).append("host", self);
    Document config = new Document("_id", ReplicaSet.NAME).append("members", List.of(member));
    Document user =
        new Document("createUser", NAME).append("pwd", PASSWORD).append("roles", List.of("root"));
    long end = System.nanoTime() + LIMIT.toNanos();
    try (MongoClient client = ReplicaSet.impatientClient(uri, Duration.ofMillis(250))) {
      MongoDatabase admin = client.getDatabase("admin");
      await(end, alive, () -> admin.runCommand(new Document("ping", 1)) != null);
      admin.runCommand(new Document("replSetInitiate", config));
      await(
          end,
          alive,
          () -> admin.runCommand(new Document("hello", 1)).getBoolean("isWritablePrimary", false));
      admin.runCommand(user);
    }
  }

  private static void await(long end, BooleanSupplier alive, BooleanSupplier done)
      throws NotThisWayException {
    String last = "it does not become primary";
    while (System.nanoTime() < end) {
      if (!alive.getAsBoolean()) {
        throw new NotThisWayException("it ended while starting");
      }
      try {
        if (done.getAsBoolean()) {
          return;
        }
      } catch (MongoException notYet) {
        last = notYet.getMessage();
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    throw new NotThisWayException("not ready within " + LIMIT.toSeconds() + " s: " + last);
  }
}
