package dev.pulso.contract;

import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.batch.JobStatus;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
            .append("estimated_cost", 865.812345)
            .append("created_at", at));
    int count = 1;
    for (String status : Stream.concat(JobStatus.ALL.stream(), Stream.of("odd")).toList()) {
      for (int i = 0; i < count; i++) {
        database.jobs(
            job(id, status)
                .append("created_at", at)
                .append("updated_at", at)
                .append("call_result", call(100, 60_000)));
      }
      count++;
    }
    database.settle(id);
    assertThat(api.details(id).ok().body())
        .isEqualTo(
            """
            {"_id":"678790a00000000000000002","batch_id":"%s","account_id":"acc-chile-001",\
            "name":"Campaña enero","description":"Cartera A","status":"active","is_active":true,\
            "is_cancelling":false,"priority":3,"total_jobs":45,"pending_jobs":1,\
            "scheduled_jobs":2,"in_progress_jobs":3,"completed_jobs":9,"failed_jobs":6,\
            "suspended_jobs":7,"cancelled_jobs":8,"total_cost":45.0,"total_minutes":45.0,\
            "estimated_cost":865.8123,"progress_percentage":20.0,"finished_percentage":86.67,\
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
            new Document("_id", 7L)
                .append("batch_id", ContractDatabase.name("odd"))
                .append("account_id", List.of("a"))
                .append("name", 7)
                .append("description", List.of("text"))
                .append("priority", "alta")
                .append("is_active", "yes")
                .append("total_jobs", -5)
                .append("pending_jobs", "many")
                .append("total_cost", Double.NaN)
                .append("estimated_cost", "much")
                .append("created_at", "2025-01-15")
                .append("cancelled_at", false)
                .append("cancellation_reason", 5)
                .append("pulso", List.of(new Document("figures", new Document("total", 3L)))));
    assertThat(api.details(id).ok().body())
        .isEqualTo(
            """
            {"_id":"7","batch_id":"%s","account_id":null,"name":null,"description":null,\
            "status":"paused","is_active":false,"is_cancelling":false,"priority":1,\
            "total_jobs":0,"pending_jobs":0,"scheduled_jobs":0,"in_progress_jobs":0,\
            "completed_jobs":0,"failed_jobs":0,"suspended_jobs":0,"cancelled_jobs":0,\
            "total_cost":0.0,"total_minutes":0.0,"estimated_cost":null,\
            "progress_percentage":0.0,"finished_percentage":0.0,"created_at":null,\
            "started_at":null,"completed_at":null,"cancelled_at":null,\
            "cancellation_reason":null,"last_activity_at":null,"history":[]}"""
                .formatted(id));
  }
}
