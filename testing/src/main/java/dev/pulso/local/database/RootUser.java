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

/** The root user of a server with authentication. */
final class RootUser {
  static final String NAME = "root";

  /** Different in each JVM. ./verify searches all output for its prefix. */
  static final String PASSWORD = "pl4nted" + new BigInteger(128, new SecureRandom()).toString(36);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private RootUser() {}

  /**
   * Makes a server the primary of its own set, and creates its first user. Until there is one,
   * anyone on the server's machine may do that.
   */
  static void make(String uri, String self, BooleanSupplier alive) throws NotThisWayException {
    Document user =
        new Document("createUser", NAME).append("pwd", PASSWORD).append("roles", List.of("root"));
    long end = System.nanoTime() + LIMIT.toNanos();
    try (MongoClient client = ReplicaSet.impatientClient(uri, Duration.ofMillis(250))) {
      MongoDatabase admin = client.getDatabase("admin");
      await(end, alive, () -> admin.runCommand(new Document("ping", 1)) != null);
      admin.runCommand(new Document("replSetInitiate", ReplicaSet.onlyMember(self)));
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
