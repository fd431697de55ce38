package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Updates;
import dev.pulso.Pulso;
import dev.pulso.counting.RefreshProgress;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.push.ClientService;
import dev.pulso.push.Outbound;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.Transport;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bson.Document;

/** Every operation of a function, as the user of that function. */
record FunctionWork(DatabaseUsers users) {
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
  private static final Document OPEN =
      new Document("batch_id", "upkeep-cut-off").append("pulso.cancel.open", true);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Runs every operation of a function. */
  void run(String function, Pulso pulso, UsedPrivileges used) {
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
        untilUsed(function, used, () -> refreshed(pulso));
      }
      case "batch-list" -> untilUsed(function, used, api::list, reply -> reply.status() == 200);
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
        untilUsed(function, used, () -> pulso.deliver(gone, Deadline.in(Duration.ofMillis(300))));
      }
      case "event-tickets" -> pulso.services().tickets().issue(Map.of("sub", "ana"));
      case "event-socket" -> {
        connect(pulso, "a client", full);
        pulso.services().clients().left("a client");
      }
      case "event-push" ->
          untilUsed(
              function,
              used,
              () -> {
                try (Pulso socket = users.pulso("event-socket", new UsedPrivileges())) {
                  connect(socket, "a client", full);
                  connect(socket, "a client that is gone", full);
                }
                pulso.push(new OneIsGone(), Duration.ofSeconds(5));
                pulso.recountEarly(List.of(full), Duration.ofSeconds(5));
                return refreshed(pulso);
              });
      default -> {
        batches().insertOne(cutOff("upkeep-cut-off"));
        calls().insertMany(Builders.jobs(3, "upkeep-cut-off", "pending"));
        users.asRoot().getCollection("pulso_operations").insertOne(unfinished());
        users.asRoot().getCollection("pulso_progress").drop();
        tell(full);
        INDEXED.forEach(collection -> users.asRoot().getCollection(collection).dropIndexes());
        untilUsed(
            function,
            used,
            () -> pulso.runUpkeep(Duration.ofSeconds(20)),
            report -> report.failedSteps().isEmpty() && batches().countDocuments(OPEN) == 0);
      }
    }
  }

  private void untilUsed(String function, UsedPrivileges used, Supplier<?> work) {
    untilUsed(function, used, work, done -> true);
  }

  /**
   * Repeats work until it succeeds and all rights are used: on a busy server, one run may be cut
   * short. A right that the server refuses counts as used.
   */
  private <T> void untilUsed(
      String function, UsedPrivileges used, Supplier<T> work, Predicate<T> succeeds) {
    Set<String> granted = users.granted(function);
    Eventually.answer(
        PATIENCE,
        () -> Optional.ofNullable(ServerErrors.inTime(work, null)),
        done -> done.filter(succeeds).isPresent() && used.all().containsAll(granted));
  }

  /** Has an overview refresh as if for the first time: after a slow refresh, none is due soon. */
  private Overview refreshed(Pulso pulso) {
    users
        .asRoot()
        .getCollection("pulso_progress")
        .updateOne(RefreshProgress.COUNTING, Updates.unset("looks"));
    return pulso.services().overview().overview(View.ALL, Deadline.in(PATIENCE));
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
    public boolean disconnect(String connection) {
      return true;
    }
  }

  private String uploaded(String batchId, int jobs) {
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
  private void tell(String batchId) {
    try (Pulso webhooks = users.pulso("webhooks", new UsedPrivileges())) {
      new Api(webhooks).webhook(ContractDatabase.WEBHOOK);
    }
    try (Pulso pause = users.pulso("batch-pause", new UsedPrivileges())) {
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

  private MongoCollection<Document> batches() {
    return users.asRoot().getCollection("campaigns");
  }

  private MongoCollection<Document> calls() {
    return users.asRoot().getCollection("calls");
  }
}
