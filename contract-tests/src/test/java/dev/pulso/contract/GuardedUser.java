package dev.pulso.contract;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.local.database.GuardedServer;
import java.util.List;
import java.util.UUID;
import org.bson.Document;

/** A user of the server with authentication, and a database; both are dropped at the end. */
final class GuardedUser implements AutoCloseable {
  private final GuardedServer server = GuardedServer.forTests();
  private final MongoClient root = MongoClients.create(server.uri());
  private final MongoDatabase admin = root.getDatabase("admin");
  private final String name = "guarded_" + UUID.randomUUID().toString().replace("-", "");

  GuardedUser(String password) {
    create(password);
  }

  private void create(String password) {
    admin.runCommand(
        new Document("createUser", name)
            .append("pwd", password)
            .append("roles", List.of(new Document("role", "readWrite").append("db", name))));
  }

  /** Returns the name of the user and the database. */
  String name() {
    return name;
  }

  /** Returns the connection string with this password. */
  String uri(String password) {
    return server.uri(name, password);
  }

  /** Returns the database as root. */
  MongoDatabase asRoot() {
    return root.getDatabase(name);
  }

  void changePassword(String password) {
    admin.runCommand(new Document("updateUser", name).append("pwd", password));
  }

  /**
   * Replaces the user by another one of the same name. Connections of the first stay open, without
   * rights.
   */
  void replace(String password) {
    admin.runCommand(new Document("dropUser", name));
    create(password);
  }

  @Override
  public void close() {
    asRoot().drop();
    admin.runCommand(new Document("dropUser", name));
    root.close();
  }
}
