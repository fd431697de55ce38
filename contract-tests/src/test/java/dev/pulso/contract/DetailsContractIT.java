package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One batch and its history, as the contract shows them. */
class DetailsContractIT {
  private static final Map<String, String> ANA =
      Map.of("sub", "ana", "scope", "pulso:read pulso:operate", "account_ids", "acc-chile-001");

  private static ContractDatabase database;
  private static Api api;

  @BeforeAll
  static void open() {
    database = ContractDatabase.open();
    api = database.api();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void answerIsRowWithHistory() {
    String id = ContractDatabase.name("batch");
    Date at = Date.from(Instant.parse("2025-01-15T10:30:00.123Z"));
    database.batch(
        new Document("_id", new ObjectId("678790a00000000000000002"))
            .append("batch_id", id)
            .append("account_id", "acc-chile-001")
            .append("name", "Campaña enero")
            .append("description", "Cartera A")
            .append("is_active", true)
            .append("priority", 3)
            .append("estimated_cost", 865.80001)
            .append("created_at", at));
    for (String status :
        List.of("pending", "scheduled", "in_progress", "completed", "done", "failed", "odd")) {
      database.jobs(job(id, status).append("created_at", at).append("updated_at", at));
    }
    assertThat(api.details(id).ok().body())
        .isEqualTo(
            """
            {"_id":"678790a00000000000000002","batch_id":"%s","account_id":"acc-chile-001",\
            "name":"Campaña enero","description":"Cartera A","status":"active","is_active":true,\
            "is_cancelling":false,"priority":3,"total_jobs":7,"pending_jobs":1,\
            "scheduled_jobs":1,"in_progress_jobs":1,"completed_jobs":2,"failed_jobs":1,\
            "suspended_jobs":0,"cancelled_jobs":0,"total_cost":0.0,"total_minutes":0.0,\
            "estimated_cost":865.8,"progress_percentage":28.57,"finished_percentage":57.14,\
            "created_at":"2025-01-15T10:30:00.123000Z","started_at":null,"completed_at":null,\
            "cancelled_at":null,"cancellation_reason":null,\
            "last_activity_at":"2025-01-15T10:30:00.123000Z","history":[]}"""
                .formatted(id));
    assertThat(api.details("678790A00000000000000002").ok().body())
        .isEqualTo(api.details(id).ok().body());
  }

  @Test
  void historyTellsWhoChangedIt() {
    String id = database.batch();
    database.jobs(jobs(2, id, "pending"));
    for (String path : List.of(Api.PAUSE, Api.RESUME)) {
      api.send(Call.to("POST", path).of(id).by(ANA)).ok();
    }
    api.cancel(id, "Cliente solicitó detención").ok();
    Document details = api.details(id).ok().json();
    assertThat(details)
        .containsEntry("status", "cancelled")
        .containsEntry("is_cancelling", false)
        .containsEntry("cancelled_jobs", 2)
        .containsEntry("cancellation_reason", "Cliente solicitó detención");
    List<Document> history = history(id);
    assertThat(history)
        .extracting(entry -> entry.get("action") + " " + entry.get("actor"))
        .containsExactly("cancelled null", "resumed ana", "paused ana");
    assertThat(history.getFirst().keySet())
        .containsExactly("action", "at", "actor", "reason", "operation_id");
    assertThat(history.getFirst())
        .containsEntry("at", details.get("cancelled_at"))
        .containsEntry("reason", "Cliente solicitó detención")
        .containsEntry("operation_id", null);
  }

  @Test
  void historyNamesOperations() {
    String id = database.batch();
    List<Object> operations =
        List.of("pause", "resume", "cancel").stream()
            .map(action -> operation(action, id).at("operation_id"))
            .toList();
    Eventually.isTrue(Duration.ofSeconds(60), () -> history(id).size() == operations.size());
    assertThat(history(id))
        .extracting(entry -> entry.get("operation_id"))
        .isEqualTo(operations.reversed());
    assertThat(history(id))
        .extracting(entry -> entry.get("action"))
        .containsExactly("cancelled", "resumed", "paused");
  }

  private static Reply operation(String action, String batch) {
    return api.operate(
        "{\"action\":\"%s\",\"batch_ids\":[\"%s\"],\"expected\":1}".formatted(action, batch));
  }

  private static List<Document> history(String id) {
    return api.details(id).ok().json().getList("history", Document.class);
  }

  @Test
  void countersFollowTheJobsWhilePolled() {
    String id = database.batch();
    database.jobs(jobs(3, id, "pending"));
    assertThat(api.details(id).ok().count("pending_jobs")).isEqualTo(3);
    database.db().jobs().updateMany(new Document("batch_id", id), set("status", "done"));
    Eventually.isTrue(
        Duration.ofSeconds(10), () -> api.details(id).ok().count("completed_jobs") == 3);
    assertThat(api.details(id).json()).containsEntry("status", "completed");
  }

  @Test
  void knownAnswerIsNotSentAgain() {
    String id = database.batch();
    String tag = api.details(id).ok().headers().get("ETag");
    Call again = Call.to("GET", Api.DETAILS).of(id).having("If-None-Match", tag);
    assertThat(api.send(again).status()).isEqualTo(304);
    api.pause(id).ok();
    assertThat(api.send(again).ok().headers().get("ETag")).isNotEqualTo(tag);
  }

  @Test
  void oddFieldsCostThemselves() {
    String id =
        database.batch(
            batch(ContractDatabase.name("odd"))
                .append("name", 5)
                .append("description", List.of("a"))
                .append("priority", "alta")
                .append("estimated_cost", "mucho")
                .append("created_at", "ayer")
                .append("total_jobs", "9")
                .append("pulso", List.of(1)));
    assertThat(api.details(id).ok().json())
        .containsEntry("name", null)
        .containsEntry("description", null)
        .containsEntry("priority", 1)
        .containsEntry("estimated_cost", null)
        .containsEntry("created_at", null)
        .containsEntry("total_jobs", 0)
        .containsEntry("history", List.of());
  }
}
