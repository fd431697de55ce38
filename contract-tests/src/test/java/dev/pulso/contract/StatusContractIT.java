package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.util.Date;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** GET /api/v1/batches/{batch_id}/status, sentence by sentence. */
class StatusContractIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void matchesExampleOfContract() {
    String id = ContractDatabase.name("batch-20251015");
    database.batch(batch(id));
    database.jobs(jobs(1850, id, "pending"));
    database.jobs(jobs(69, id, "done"));
    database.jobs(jobs(4, id, "failed"));
    database.jobs(job(id, "done").append("call_result", call(12_550, 2_718_000)));
    assertThat(database.api().status(id).body())
        .isEqualTo(
            "{\"batch_id\":\""
                + id
                + "\",\"is_active\":true,\"total_jobs\":1924,\"pending_jobs\":1850,"
                + "\"completed_jobs\":70,\"failed_jobs\":4,\"suspended_jobs\":0,"
                + "\"total_cost\":125.5,\"total_minutes\":45.3,\"progress_percentage\":3.64,"
                + "\"started_at\":\"2025-01-15T10:30:00.000000Z\",\"completed_at\":null}");
  }

  @Test
  void countsEachStatus() {
    String id = database.batch();
    int count = 1;
    for (String status :
        new String[] {
          "pending",
          "scheduled",
          "in_progress",
          "completed",
          "done",
          "failed",
          "suspended",
          "cancelled",
          "unheard_of"
        }) {
      database.jobs(jobs(count++, id, status));
    }
    Reply reply = database.api().status(id).ok();
    assertThat(reply.count("total_jobs")).isEqualTo(45);
    assertThat(reply.count("pending_jobs")).isEqualTo(1);
    assertThat(reply.count("completed_jobs")).isEqualTo(4 + 5);
    assertThat(reply.count("failed_jobs")).isEqualTo(6);
    assertThat(reply.count("suspended_jobs")).isEqualTo(7);
    assertThat(reply.decimal("progress_percentage")).isEqualTo("20");
  }

  @Test
  void batchWithoutJobsHasZeros() {
    Reply reply = database.api().status(database.batch()).ok();
    assertThat(reply.body())
        .contains("\"total_jobs\":0,\"pending_jobs\":0,\"completed_jobs\":0,\"failed_jobs\":0")
        .contains("\"total_cost\":0.0,\"total_minutes\":0.0,\"progress_percentage\":0.0");
    assertThat(reply.at("completed_at")).isNull();
  }

  @Test
  void negativeStoredFigureCountsAsZero() {
    Document archived =
        batch(ContractDatabase.name("negative"))
            .append("account_id", ContractDatabase.name("account"))
            .append("total_jobs", -5)
            .append("total_cost", -12.5)
            .append("total_minutes", -0.1);
    String id = database.batch(archived);
    Reply status = database.api().status(id).ok();
    assertThat(status.count("total_jobs")).isZero();
    assertThat(status.decimal("total_cost")).isEqualTo("0");
    assertThat(status.decimal("total_minutes")).isEqualTo("0");
    Reply overview = database.api().overview(archived.getString("account_id")).ok();
    assertThat(overview.count("metrics.active_batches")).isEqualTo(1);
    assertThat(overview.decimal("detailed_stats.batches.total_cost")).isEqualTo("0");
    assertThat(overview.decimal("detailed_stats.batches.total_minutes")).isEqualTo("0");
  }

  @Test
  void progressIs100OnlyWhenComplete() {
    String id =
        database.batch(
            batch(ContractDatabase.name("nearly"))
                .append("total_jobs", 1_000_000)
                .append("completed_jobs", 999_999));
    assertThat(database.api().status(id).decimal("progress_percentage")).isEqualTo("99.99");
    assertThat(database.api().summary(id).decimal("completion_rate")).isEqualTo("99.99");
    database.changeBatch(id, Builders.set("completed_jobs", 1_000_000));
    assertThat(database.api().status(id).decimal("progress_percentage")).isEqualTo("100");
    assertThat(database.api().summary(id).decimal("completion_rate")).isEqualTo("100");
  }

  @Test
  void archivedBatchKeepsStoredCounters() {
    String id =
        database.batch(
            batch(ContractDatabase.name("archived"))
                .append("total_jobs", 200L)
                .append("pending_jobs", null)
                .append("completed_jobs", 150)
                .append("failed_jobs", 50.0)
                .append("total_cost", 12.34567)
                .append("total_minutes", "many"));
    Document before = database.stored(id);
    Reply reply = database.api().status(id).ok();
    assertThat(reply.count("total_jobs")).isEqualTo(200);
    assertThat(reply.count("pending_jobs")).isZero();
    assertThat(reply.count("failed_jobs")).isEqualTo(50);
    assertThat(reply.decimal("total_cost")).isEqualTo("12.3457");
    assertThat(reply.decimal("total_minutes")).isEqualTo("0");
    assertThat(reply.decimal("progress_percentage")).isEqualTo("75");
    Document after = database.stored(id);
    after.remove("pulso");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void archivingJobsKeepsCounters() {
    String id = database.batch();
    database.jobs(jobs(4, id, "done"));
    // A summary does not wait for a slow write.
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          database.api().summary(id).ok();
          return Long.valueOf(4).equals(database.stored(id).get("completed_jobs"));
        });
    database.db().jobs().deleteMany(new Document("batch_id", id));
    database.changeBatch(id, Builders.set("total_cost", 7.5));
    assertThat(database.api().summary(id).count("completed_jobs")).isEqualTo(4);
    assertThat(database.api().summary(id).decimal("total_cost")).isEqualTo("7.5");
    assertThat(database.api().status(id).decimal("total_cost")).isEqualTo("7.5");
  }

  @Test
  void timesHaveSixDigitsAndZ() {
    Document batch =
        batch(ContractDatabase.name("timed"))
            .append("started_at", new Date(1_736_937_000_007L))
            .append("completed_at", "yesterday");
    Reply reply = database.api().status(database.batch(batch)).ok();
    assertThat(reply.at("started_at")).isEqualTo("2025-01-15T10:30:00.007000Z");
    assertThat(reply.at("completed_at")).isNull();
  }

  @Test
  void clientMustRevalidateEachTime() {
    assertThat(database.api().status(database.batch()).headers())
        .containsEntry("Cache-Control", "private, no-cache");
  }
}
