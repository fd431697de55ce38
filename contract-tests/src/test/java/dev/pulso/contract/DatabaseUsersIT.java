package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.overview.View;
import dev.pulso.push.ClientService;
import dev.pulso.push.Outbound;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final List<String> INDEXED =
      List.of(
          "campaigns",
          "calls",
          "clients",
          "audit_log",
          "pulso_tallies",
          "pulso_operations",
          "pulso_webhooks",
          "pulso_deliveries",
          "pulso_connections");

  private static final String PASSWORD = "a pl4nted password: 100% odd/+@";
  private static final int UNAUTHORIZED = 13;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final DatabaseUsers USERS = new DatabaseUsers();
  static final List<String> FUNCTIONS = DatabaseUsers.FUNCTIONS;

  private static final Map<String, MongoClient> CLIENTS = new HashMap<>();

  @BeforeAll
  static void make() throws IOException, InterruptedException {
    assertThat(USERS.make("of an earlier run")).containsIgnoringCase(": made");
    assertThat(USERS.make(PASSWORD)).doesNotContain(": made", PASSWORD);
    FUNCTIONS.forEach(function -> CLIENTS.put(function, USERS.client(function, PASSWORD)));
  }

  @AfterAll
  static void drop() {
    CLIENTS.values().forEach(MongoClient::close);
    USERS.close();
  }

  @ParameterizedTest
  @FieldSource("FUNCTIONS")
  void functionNeedsExactlyTheRightsOfItsUser(String function) {
    // Upkeep comes first in a new installation: it creates the indexes.
    try (Pulso upkeep = USERS.pulso("batch-upkeep", PASSWORD, new UsedPrivileges())) {
      upkeep.runUpkeep(Duration.ofSeconds(20));
    }
    UsedPrivileges used = new UsedPrivileges();
    try (Pulso pulso = USERS.pulso(function, PASSWORD, used)) {
      work(function, pulso, used);
    }
    assertThat(used.all()).isEqualTo(USERS.granted(function));
  }

  /** Asks until counters are stored: on a busy server, one refresh may be too late for that. */
  private static void untilBatchesAreUpdated(UsedPrivileges used, Runnable ask) {
    Eventually.isTrue(
        PATIENCE,
        () -> {
          ask.run();
          return used.all().contains("update campaigns");
        });
  }

  /** Runs every operation of a function. */
  private static void work(String function, Pulso pulso, UsedPrivileges used) {
    String full = uploaded(function + "-full", 5);
    String empty = uploaded(function + "-empty", 0);
    Api api = new Api(pulso);
    switch (function) {
      case "batch-status" -> List.of(full, empty).forEach(batch -> api.status(batch).ok());
      case "batch-summary" -> List.of(full, empty).forEach(batch -> api.summary(batch).ok());
      case "batch-cancel" -> {
        Document before = batches().find(new Document("batch_id", full)).first();
        List.of(full, empty).forEach(batch -> api.cancel(batch, "basta").ok());
        batches().replaceOne(new Document("batch_id", full), before);
        api.cancel(full, "late").ok();
      }
      case "batch-pause" -> {
        api.pause(full).ok();
        api.resume(full).ok();
      }
      case "batch-operations" -> {
        String body = "{\"action\":\"cancel\",\"batch_ids\":[\"%s\",\"%s\"],\"expected\":2}";
        api.operation((String) api.operate(body.formatted(full, empty)).at("operation_id")).ok();
      }
      case "dashboard-overview" -> {
        api.overview().ok();
        api.overview("acc-chile-001").ok();
        untilBatchesAreUpdated(
            used, () -> pulso.services().overview().overview(View.ALL, Deadline.in(PATIENCE)));
      }
      case "batch-list" -> untilBatchesAreUpdated(used, () -> api.list().ok());
      case "batch-details" -> List.of(full, empty).forEach(batch -> api.details(batch).ok());
      case "account-list" -> api.accounts().ok();
      case "webhooks" -> {
        String webhook = (String) api.webhook(ContractDatabase.WEBHOOK).at("webhook_id");
        Reply test = api.send(Call.to("POST", Api.WEBHOOK + "/test").of(webhook));
        api.send(Call.to("GET", Api.WEBHOOK + "/deliveries").of(webhook)).ok();
        api.send(
            Call.to("POST", Api.WEBHOOK + "/deliveries/{delivery_id}/redeliver")
                .of(webhook + "/" + test.at("delivery_id")));
        api.send(Call.to("DELETE", Api.WEBHOOK).of(webhook)).ok();
      }
      case "webhook-delivery" -> {
        tell(full);
        Transport gone =
            (url, headers, body) -> new Transport.Answer(410, Optional.empty(), Optional.empty());
        Eventually.isTrue(
            Duration.ofSeconds(30),
            () -> {
              pulso.deliver(gone, Deadline.in(Duration.ofMillis(300)));
              return used.all().contains("update pulso_webhooks");
            });
      }
      case "event-tickets" -> pulso.services().tickets().issue(Map.of("sub", "ana"));
      case "event-socket" -> {
        connect(pulso, "a client", full);
        pulso.services().clients().left("a client");
      }
      case "event-push" -> {
        try (Pulso socket = USERS.pulso("event-socket", PASSWORD, new UsedPrivileges())) {
          connect(socket, "a client", full);
          connect(socket, "a client that is gone", full);
        }
        pulso.push(new OneIsGone(), Duration.ofSeconds(5));
        pulso.recountEarly(List.of(full), Duration.ofSeconds(5));
        untilBatchesAreUpdated(
            used, () -> pulso.services().overview().overview(View.ALL, Deadline.in(PATIENCE)));
      }
      default -> {
        batches().insertOne(cutOff("upkeep-cut-off"));
        calls().insertMany(Builders.jobs(3, "upkeep-cut-off", "pending"));
        USERS.asRoot().getCollection("pulso_operations").insertOne(unfinished());
        USERS.asRoot().getCollection("pulso_progress").drop();
        tell(full);
        INDEXED.forEach(collection -> USERS.asRoot().getCollection(collection).dropIndexes());
        assertThat(pulso.runUpkeep(Duration.ofSeconds(20)).cancelsFinished()).isEqualTo(1);
        // A run waits for its indexes a limited time only, and the build goes on.
        Eventually.isTrue(
            Duration.ofSeconds(30),
            () -> INDEXED.stream().allMatch(each -> used.all().contains("createIndex " + each)));
      }
    }
  }

  private static void connect(Pulso pulso, String client, String batch) {
    ClientService clients = pulso.services().clients();
    assertThat(clients.admit(client, Optional.empty())).isTrue();
    for (String subject :
        List.of(
            "\"batch_id\":\"" + batch + "\"",
            "\"overview\":true,\"account_id\":\"acc-chile-001\"",
            "\"batches\":true")) {
      clients.answer(client, "{\"action\":\"subscribe\"," + subject + "}");
    }
  }

  /** Clients of which one has left. */
  private static final class OneIsGone implements Outbound {
    @Override
    public Delivery post(String connection, String message) {
      return connection.equals("a client") ? Delivery.DELIVERED : Delivery.GONE;
    }

    @Override
    public void disconnect(String connection) {}
  }

  private static String uploaded(String batchId, int jobs) {
    batches().insertOne(Builders.batch(batchId));
    if (jobs > 0) {
      calls().insertMany(Builders.jobs(jobs, batchId, "pending"));
    }
    return batchId;
  }

  /** A batch whose cancel was cut off after the marker. */
  private static Document cutOff(String batchId) {
    return Builders.batch(batchId)
        .append("is_active", false)
        .append("cancelled_at", new Date())
        .append(
            "pulso",
            new Document("cancel", new Document("open", true))
                .append("outbox", List.of(new Document("_id", batchId))));
  }

  /** A webhook, and an event for it. */
  private static void tell(String batchId) {
    try (Pulso webhooks = USERS.pulso("webhooks", PASSWORD, new UsedPrivileges())) {
      new Api(webhooks).webhook(ContractDatabase.WEBHOOK);
    }
    try (Pulso pause = USERS.pulso("batch-pause", PASSWORD, new UsedPrivileges())) {
      new Api(pause).pause(batchId).ok();
    }
  }

  /** An operation whose process died after storing it. */
  private static Document unfinished() {
    return new Document("action", "pause")
        .append("created_at", new Date())
        .append("batches", List.of())
        .append("unfinished", true);
  }

  private static MongoCollection<Document> batches() {
    return USERS.asRoot().getCollection("campaigns");
  }

  private static MongoCollection<Document> calls() {
    return USERS.asRoot().getCollection("calls");
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
