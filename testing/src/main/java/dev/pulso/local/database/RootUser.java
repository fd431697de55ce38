package dev.pulso.local.database;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bson.Document;

/** The root user of a server with authentication. */
final class RootUser {
  static final String NAME = "root";

  /** Different in each JVM. ./verify searches all output for its prefix. */
  static final String PASSWORD = "pl4nted" + new BigInteger(128, new SecureRandom()).toString(36);

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Document PING = new Document("ping", 1);

  private RootUser() {}

  /**
   * Makes a server the primary of its own set, and creates its first user. Until there is one,
   * anyone on the server's machine may do that.
   */
  static void make(String uri, String self, BooleanSupplier alive) throws NotThisWayException {
    Document user =
        new Document("createUser", NAME).append("pwd", PASSWORD).append("roles", List.of("root"));
    try (MongoClient client = ReplicaSet.impatientClient(uri, Duration.ofMillis(250))) {
      MongoDatabase admin = client.getDatabase("admin");
      ReplicaSet.await(() -> admin.runCommand(PING) != null, alive, LIMIT);
      admin.runCommand(new Document("replSetInitiate", ReplicaSet.forgetfulMember(self)));
      ReplicaSet.await(() -> ReplicaSet.isPrimary(admin), alive, LIMIT);
      admin.runCommand(user);
    }
  }
}
