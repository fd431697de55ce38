package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each function works with its own database user, whose rights are minimal. */
@Order(2)
class DatabaseUsersIT {
  private static final int UNAUTHORIZED = 13;

  private static final DatabaseUsers USERS = new DatabaseUsers();
  static final List<String> FUNCTIONS = DatabaseUsers.FUNCTIONS;

  private static final Map<String, MongoClient> CLIENTS = new HashMap<>();

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    assertThat(USERS.make("of an earlier run")).containsIgnoringCase(": made");
    assertThat(USERS.make(DatabaseUsers.PASSWORD)).doesNotContain(": made", DatabaseUsers.PASSWORD);
    FUNCTIONS.forEach(function -> CLIENTS.put(function, USERS.client(function)));
    // Upkeep comes first in a new installation: it creates the indexes.
    try (Pulso upkeep = USERS.pulso("batch-upkeep", new UsedPrivileges())) {
      Eventually.isTrue(
          Duration.ofSeconds(60),
          () -> upkeep.runUpkeep(Duration.ofSeconds(20)).indexesMade().isEmpty());
    }
  }

  @AfterAll
  static void drop() {
    CLIENTS.values().forEach(MongoClient::close);
    USERS.close();
  }

  @ParameterizedTest
  @FieldSource("FUNCTIONS")
  void functionNeedsExactlyTheRightsOfItsUser(String function) {
    UsedPrivileges used = new UsedPrivileges();
    try (Pulso pulso = USERS.pulso(function, used)) {
      new FunctionWork(USERS).run(function, pulso, used);
    }
    assertThat(used.all()).isEqualTo(USERS.granted(function));
  }

  /** While a deployment runs, both versions need their rights. */
  @Test
  void rightsOfOldVersionAreKeptUntilAfterUpgrade() throws IOException, InterruptedException {
    Set<String> needed = USERS.granted("account-list");
    USERS.changeRight("revokePrivilegesFromRole", "account-list", "clients", "find");
    USERS.changeRight("grantPrivilegesToRole", "account-list", "old", "find");
    assertThat(USERS.granted("account-list")).containsExactly("find old");
    USERS.make(DatabaseUsers.PASSWORD, Map.of("PULSO_KEEP_RIGHTS", "1"));
    assertThat(USERS.granted("account-list")).containsAll(needed).contains("find old");
    USERS.make(DatabaseUsers.PASSWORD);
    assertThat(USERS.granted("account-list")).isEqualTo(needed);
  }

  @Test
  void auditEntriesCanOnlyBeInserted() {
    assertThat(whoMay(insert("audit_log")))
        .containsExactlyInAnyOrder(
            "batch-cancel", "batch-pause", "batch-operations", "batch-upkeep", "webhooks");
    assertThat(whoMay(update("audit_log"))).isEmpty();
    assertThat(whoMay(delete("audit_log"))).isEmpty();
    assertThat(whoMay(drop("audit_log"))).isEmpty();
    assertThat(whoMay(find("audit_log")))
        .containsExactlyInAnyOrder(
            "batch-cancel", "batch-details", "batch-operations", "batch-upkeep");
  }

  @Test
  void onlyCancellingFunctionsUpdateJobs() {
    assertThat(whoMay(update("calls")))
        .containsExactlyInAnyOrder("batch-cancel", "batch-operations", "batch-upkeep");
    assertThat(whoMay(insert("calls"))).isEmpty();
    assertThat(whoMay(delete("calls"))).isEmpty();
    assertThat(whoMay(drop("calls"))).isEmpty();
    assertThat(whoMay(find("calls"))).doesNotContain("batch-pause");
  }

  @Test
  void onlyWebhookFunctionsChangeWebhooks() {
    assertThat(whoMay(find("pulso_webhooks")))
        .containsExactlyInAnyOrder("webhooks", "webhook-delivery", "batch-upkeep");
    assertThat(whoMay(update("pulso_webhooks")))
        .containsExactlyInAnyOrder("webhooks", "webhook-delivery");
    assertThat(whoMay(insert("pulso_webhooks"))).containsExactly("webhooks");
  }

  @Test
  void batchesAreNeverAddedOrDeleted() {
    assertThat(whoMay(insert("campaigns"))).isEmpty();
    assertThat(whoMay(delete("campaigns"))).isEmpty();
    assertThat(whoMay(drop("campaigns"))).isEmpty();
  }

  @Test
  void fewFunctionsReadAccounts() {
    assertThat(whoMay(find("clients")))
        .containsExactly("account-list", "dashboard-overview", "event-push");
    assertThat(whoMay(insert("clients"))).isEmpty();
    assertThat(whoMay(update("clients"))).isEmpty();
    assertThat(whoMay(delete("clients"))).isEmpty();
  }

  @Test
  void otherCollectionsAreForbidden() {
    assertThat(whoMay(find("anything_else"))).isEmpty();
    assertThat(whoMay(insert("anything_else"))).isEmpty();
    assertThat(whoMay(database -> database.drop())).isEmpty();
    assertThat(whoMay(run(new Document("usersInfo", 1)))).isEmpty();
    assertThat(
            whoMay(
                run(new Document("createUser", "x").append("pwd", "x").append("roles", List.of()))))
        .isEmpty();
    for (MongoClient client : CLIENTS.values()) {
      MongoDatabase other = client.getDatabase("admin");
      assertThatThrownBy(() -> other.getCollection("system.users").find().first())
          .isInstanceOf(MongoCommandException.class);
    }
  }

  private static Consumer<MongoDatabase> find(String collection) {
    return run(new Document("find", collection).append("limit", 1));
  }

  private static Consumer<MongoDatabase> insert(String collection) {
    Document probe = new Document("_id", "probe of " + collection + new Date().getTime());
    return run(new Document("insert", collection).append("documents", List.of(probe)));
  }

  private static Consumer<MongoDatabase> update(String collection) {
    Document none =
        new Document("q", new Document("_id", "nobody")).append("u", Builders.set("a", 1));
    return run(new Document("update", collection).append("updates", List.of(none)));
  }

  private static Consumer<MongoDatabase> delete(String collection) {
    Document none = new Document("q", new Document("_id", "nobody")).append("limit", 1);
    return run(new Document("delete", collection).append("deletes", List.of(none)));
  }

  private static Consumer<MongoDatabase> drop(String collection) {
    return run(new Document("drop", collection));
  }

  private static Consumer<MongoDatabase> run(Document command) {
    return database -> database.runCommand(command);
  }

  /** Returns the functions whose users may do this. */
  private static Set<String> whoMay(Consumer<MongoDatabase> deed) {
    Set<String> may = new TreeSet<>();
    for (String function : FUNCTIONS) {
      try {
        deed.accept(CLIENTS.get(function).getDatabase(USERS.asRoot().getName()));
        may.add(function);
      } catch (MongoCommandException e) {
        assertThat(e.getErrorCode()).as(e.getErrorMessage()).isEqualTo(UNAUTHORIZED);
      }
    }
    return may;
  }
}
