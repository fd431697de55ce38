package dev.pulso.contract;

import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.local.database.GuardedServer;
import dev.pulso.local.server.Project;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.LiveDb;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.bson.Document;

/** The users of {@code docs/database-users.js}, over their own database. */
final class DatabaseUsers implements AutoCloseable {
  static final List<String> FUNCTIONS =
      List.of(
          "batch-status",
          "batch-summary",
          "batch-cancel",
          "batch-pause",
          "batch-operations",
          "dashboard-overview",
          "batch-list",
          "batch-details",
          "account-list",
          "webhooks",
          "webhook-delivery",
          "event-tickets",
          "event-socket",
          "event-push",
          "batch-upkeep");

  static final String PASSWORD = "a pl4nted password: 100% odd/+@";

  private final GuardedServer server = GuardedServer.forTests();
  private final MongoClient root = MongoClients.create(server.uri());
  private final String name = "users_" + UUID.randomUUID().toString().replace("-", "");

  /** Unusual names, so that no default matches by chance. */
  private final Map<String, String> environment =
      Map.of(
          "MONGODB_DATABASE", name,
          "BATCHES_COLLECTION", "campaigns",
          "JOBS_COLLECTION", "calls",
          "ACCOUNTS_COLLECTION", "clients",
          "WEBHOOK_KEYS", "k".repeat(64),
          "ALLOW_ANONYMOUS", "true");

  /** Runs the script, which may run repeatedly, and returns its output. */
  String make(String password) throws IOException, InterruptedException {
    return make(password, Map.of());
  }

  /** Runs the script with more environment variables. */
  String make(String password, Map<String, String> more) throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    all.put("PULSO_USER_PREFIX", name + "-");
    FUNCTIONS.forEach(
        function ->
            all.put(
                "PULSO_PASSWORD_" + function.toUpperCase(Locale.ROOT).replace('-', '_'), password));
    var result = server.mongosh(Project.root().resolve("docs/database-users.js"), all);
    if (result.isEmpty()) {
      System.out.println("Skipped: docs/database-users.js, because there is no mongosh");
      abort("no mongosh");
    }
    assertThat(result.get().status()).as(result.get().output()).isZero();
    return result.get().output();
  }

  private String user(String function) {
    return name + "-" + function;
  }

  /** Opens Pulso as a function's user. */
  Pulso pulso(String function, CommandListener listener) {
    String uri = server.uri(user(function), PASSWORD);
    Settings settings = Settings.from(environment);
    return Pulso.open(
        Pulso.Options.of(settings)
            .withDatabase(
                LiveDb.openedBy(
                    () -> Db.open(uri, settings, client -> unhurried(client, listener)))));
  }

  /** Opens a client as a function's user. */
  MongoClient client(String function) {
    return MongoClients.create(server.uri(user(function), PASSWORD));
  }

  /** Returns the database as root. */
  MongoDatabase asRoot() {
    return root.getDatabase(name);
  }

  /** Gives the user of a function a right, or takes it away. */
  void changeRight(String command, String function, String collection, String action) {
    Document resource = new Document("db", name).append("collection", collection);
    Document privilege = new Document("resource", resource).append("actions", List.of(action));
    asRoot()
        .runCommand(new Document(command, user(function)).append("privileges", List.of(privilege)));
  }

  /** Returns the privileges of a function's user, as "action collection". */
  Set<String> granted(String function) {
    Document info =
        asRoot()
            .runCommand(
                new Document("rolesInfo", new Document("role", user(function)).append("db", name))
                    .append("showPrivileges", true));
    Set<String> granted = new TreeSet<>();
    for (Document privilege :
        info.getList("roles", Document.class).getFirst().getList("privileges", Document.class)) {
      Document resource = privilege.get("resource", Document.class);
      assertThat(resource.getString("db")).isEqualTo(name);
      privilege
          .getList("actions", String.class)
          .forEach(action -> granted.add(action + " " + resource.getString("collection")));
    }
    return granted;
  }

  @Override
  public void close() {
    asRoot().drop();
    FUNCTIONS.forEach(
        function -> root.getDatabase("admin").runCommand(new Document("dropUser", user(function))));
    asRoot().runCommand(new Document("dropAllRolesFromDatabase", 1));
    root.close();
  }
}
