package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** GET /api/v1/batches/{batch_id}/summary, sentence by sentence. */
class SummaryContractIT {
  private static final Instant NOON = Instant.parse("2025-01-15T12:00:00Z");
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void keysAndOrderAreFixed() {
    Reply reply = database.api().summary(database.batch()).ok();
    assertThat(reply.keys())
        .containsExactly(
            "batch_id",
            "name",
            "account_id",
            "status",
            "total_jobs",
            "pending_jobs",
            "completed_jobs",
            "failed_jobs",
            "suspended_jobs",
            "completion_rate",
            "total_cost",
            "total_minutes",
            "priority",
            "created_at",
            "started_at",
            "completed_at",
            "hourly_stats");
    assertThat(reply.at("priority")).isEqualTo(2);
    assertThat(reply.at("account_id")).isEqualTo("acc-chile-001");
    assertThat(reply.at("created_at")).isEqualTo("2025-01-15T10:30:00.000000Z");
    assertThat(reply.at("hourly_stats")).isEqualTo(List.of());
  }

  @Test
  void incompleteBatchIsAnswered() {
    Document odd =
        new Document("batch_id", ContractDatabase.name("odd"))
            .append("name", 7)
            .append("account_id", null)
            .append("is_active", "yes")
            .append("priority", Double.NaN)
            .append("created_at", new BsonTimestamp(1, 1))
            .append("started_at", "2025-01-15")
            .append("pulso", "theirs?");
    Reply reply = database.api().summary(database.batch(odd)).ok();
    assertThat(reply.at("name")).isNull();
    assertThat(reply.at("account_id")).isNull();
    assertThat(reply.at("priority")).isEqualTo(1);
    assertThat(reply.at("created_at")).isNull();
    assertThat(reply.at("started_at")).isNull();
  }

  @Test
  void stateFollowsBatch() {
    String id = database.batch();
    assertThat(database.api().summary(id).at("status")).isEqualTo("active");
    database.jobs(jobs(2, id, "in_progress"));
    assertThat(database.api().summary(id).at("status")).isEqualTo("active");
    database.changeBatch(id, set("is_active", false));
    assertThat(database.api().summary(id).at("status")).isEqualTo("paused");
    database.db().jobs().updateMany(new Document("batch_id", id), set("status", "failed"));
    assertThat(database.api().summary(id).at("status")).isEqualTo("completed");
    database.api().cancel(id).ok();
    assertThat(database.api().summary(id).at("status")).isEqualTo("cancelled");
  }

  @Test
  void countersAreExactAtEachCall() {
    String id = database.batch();
    for (int i = 1; i <= 5; i++) {
      database.jobs(jobs(10, id, "pending"));
      database
          .db()
          .jobs()
          .updateOne(
              new Document("batch_id", id).append("status", "pending"),
              new Document(
                  "$set",
                  new Document("status", "done").append("call_result", Builders.call(50, 60_000))));
      Reply reply = database.api().summary(id).ok();
      assertThat(reply.count("total_jobs")).isEqualTo(10 * i);
      assertThat(reply.count("completed_jobs")).isEqualTo(i);
      assertThat(reply.decimal("total_minutes")).isEqualTo("" + i);
      assertThat(reply.decimal("completion_rate")).isEqualTo("10");
    }
    database.db().jobs().updateMany(new Document("batch_id", id), set("call_result", null));
    assertThat(database.api().summary(id).decimal("total_cost")).isEqualTo("0");
  }

  @Test
  void readingKeepsCompletedAt() {
    String id = database.batch();
    database.jobs(jobs(3, id, "done"));
    Object first =
        Eventually.answer(
            Duration.ofSeconds(60),
            () -> database.api().summary(id).ok().at("completed_at"),
            // A summary does not wait for a slow write.
            any -> database.stored(id).get("completed_at") != null);
    assertThat(first).isNotNull();
    assertThat(database.api().summary(id).at("completed_at")).isEqualTo(first);
    database.db().jobs().updateOne(new Document("batch_id", id), set("status", "failed"));
    assertThat(database.api().summary(id).at("completed_at")).isEqualTo(first);
  }

  @Test
  void hoursAreNewestFirst() {
    String id = database.batch();
    database.jobs(
        job(id, "done").append("completed_at", Date.from(NOON)).append("finished_at", new Date(0)),
        job(id, "completed").append("finished_at", Date.from(NOON.plus(59, ChronoUnit.MINUTES))),
        job(id, "failed").append("call_ended_at", Date.from(NOON.plus(30, ChronoUnit.MINUTES))),
        job(id, "done")
            .append("completed_at", null)
            .append("finished_at", Date.from(NOON.minusMillis(1))),
        job(id, "done")
            .append("completed_at", "late")
            .append("call_ended_at", Date.from(NOON.plus(3, ChronoUnit.DAYS))),
        job(id, "pending"));
    assertThat(database.api().summary(id).ok().body())
        .endsWith(
            "\"hourly_stats\":["
                + "{\"hour\":12,\"date\":\"2025-01-18\",\"total_calls\":1,\"successful_calls\":1,\"success_rate\":100.0},"
                + "{\"hour\":12,\"date\":\"2025-01-15\",\"total_calls\":3,\"successful_calls\":2,\"success_rate\":66.67},"
                + "{\"hour\":11,\"date\":\"2025-01-15\",\"total_calls\":1,\"successful_calls\":1,\"success_rate\":100.0}]}");
  }

  @Test
  void failedAtIsLastFallbackForEnd() {
    String id = database.batch();
    Date noon = Date.from(NOON);
    Date later = Date.from(NOON.plus(1, ChronoUnit.HOURS));
    database.jobs(
        job(id, "done").append("completed_at", noon),
        job(id, "failed").append("failed_at", noon),
        job(id, "failed").append("failed_at", later).append("call_ended_at", noon),
        job(id, "failed")
            .append("completed_at", 5)
            .append("finished_at", "?")
            .append("call_ended_at", null)
            .append("failed_at", noon),
        job(id, "failed").append("failed_at", "never"));
    assertThat(database.api().summary(id).ok().body())
        .endsWith(
            "\"hourly_stats\":["
                + "{\"hour\":12,\"date\":\"2025-01-15\",\"total_calls\":4,\"successful_calls\":1,\"success_rate\":25.0}]}");
  }

  @Test
  void implausibleEndFallsThroughToNextField() {
    String id = database.batch();
    Date noon = Date.from(NOON);
    Date tomorrow = Date.from(Instant.now().plus(1, ChronoUnit.DAYS));
    database.jobs(
        job(id, "done").append("completed_at", new Date(-1)).append("finished_at", noon),
        job(id, "done").append("completed_at", tomorrow).append("finished_at", noon),
        job(id, "failed").append("call_ended_at", tomorrow).append("failed_at", noon),
        job(id, "failed").append("failed_at", tomorrow));
    assertThat(database.api().summary(id).ok().body())
        .endsWith(
            "\"hourly_stats\":["
                + "{\"hour\":12,\"date\":\"2025-01-15\",\"total_calls\":3,\"successful_calls\":2,\"success_rate\":66.67}]}");
  }

  @Test
  void onlyLast24HoursAreShown() {
    String id = database.batch();
    for (int i = 0; i < 30; i++) {
      database.jobs(
          job(id, "done").append("finished_at", Date.from(NOON.minus(5L * i, ChronoUnit.HOURS))));
    }
    List<?> hours = (List<?>) database.api().summary(id).ok().at("hourly_stats");
    assertThat(hours).hasSize(24);
    assertThat((Document) hours.getFirst()).containsEntry("hour", 12);
    assertThat((Document) hours.getLast()).containsEntry("date", "2025-01-10");
  }

  @Test
  void absurdTimesAffectNoOther() {
    String id = database.batch();
    database.jobs(
        job(id, "done").append("completed_at", new Date(Long.MAX_VALUE)),
        job(id, "done").append("completed_at", new Date(Long.MIN_VALUE)),
        job(id, "done").append("completed_at", new BsonTimestamp(1_736_942_400, 1)),
        job(id, "done").append("completed_at", Date.from(NOON)));
    Reply reply = database.api().summary(id).ok();
    assertThat(reply.count("total_jobs")).isEqualTo(4);
    assertThat((List<?>) reply.at("hourly_stats")).hasSize(1);
  }

  @Test
  void objectIdWorksToo() {
    String id = database.batch(batch(ContractDatabase.name("batch")));
    String hex = database.stored(id).getObjectId("_id").toHexString();
    assertThat(database.api().summary(hex).ok().at("batch_id")).isEqualTo(id);
  }

  @Test
  void unknownBatchIsNotFound() {
    assertThat(database.api().summary("nobody").problem(404, "BATCH_NOT_FOUND").at("message"))
        .isEqualTo("Batch not found");
  }
}
