package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** GET /api/v1/dashboard/overview, sentence by sentence. */
class OverviewContractIT {
  private static final String ACCOUNT = "acc-chile-001";
  private static final ZoneId SANTIAGO = ZoneId.of("America/Santiago");

  private ContractDatabase database = ContractDatabase.openBare(Map.of());

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void emptyDatabaseHasZeros() {
    Instant start = database.db().now().minusSeconds(5);
    Reply reply = database.api().overview().ok();
    assertThat(reply.body().replaceAll("\"timestamp\":\"[^\"]*\"", "\"timestamp\":\"T\""))
        .isEqualTo(
            "{\"success\":true,\"timestamp\":\"T\",\"account\":null,"
                + "\"metrics\":{\"jobs_today\":0,\"success_rate_percentage\":0.0,"
                + "\"active_batches\":0,\"pending_jobs\":0},"
                + "\"detailed_stats\":{\"jobs\":{\"today\":0,\"pending\":0,\"completed\":0,"
                + "\"failed\":0,\"total_finished\":0},\"batches\":{\"active_count\":0,"
                + "\"total_jobs\":0,\"total_cost\":0.0,\"total_minutes\":0.0}}}");
    assertThat(reply.at("timestamp").toString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(Instant.parse(reply.at("timestamp").toString()))
        .isBetween(start, database.db().now());
  }

  @Test
  void countsJobsWithAndWithoutBatch() {
    database.batch(batch("b"));
    database.jobs(jobs(1, "b", "pending"));
    database.jobs(jobs(2, null, "pending"));
    database.jobs(jobs(4, "deleted", "pending"));
    database.jobs(new Document("status", "pending"), job(null, "done"), job("b", "completed"));
    database.jobs(jobs(1, "deleted", "failed"));
    Reply reply = database.api().overview().ok();
    assertThat(reply.count("metrics.pending_jobs")).isEqualTo(8);
    assertThat(reply.count("detailed_stats.jobs.pending")).isEqualTo(8);
    assertThat(reply.count("detailed_stats.jobs.completed")).isEqualTo(2);
    assertThat(reply.count("detailed_stats.jobs.failed")).isEqualTo(1);
    assertThat(reply.count("detailed_stats.jobs.total_finished")).isEqualTo(3);
    assertThat(reply.body()).contains("\"success_rate_percentage\":66.67");
    assertThat(reply.count("detailed_stats.jobs.today")).isZero();
  }

  @Test
  void unknownAccountHasZeros() {
    database.jobs(jobs(3, "b", "pending"));
    Reply reply = database.api().overview("nobody").ok();
    assertThat(reply.at("account")).isNull();
    assertThat(reply.count("metrics.pending_jobs")).isZero();
    assertThat(database.api().overview("$account_id").ok().at("account")).isNull();
  }

  @Test
  void accountWithoutDocumentHasFigures() {
    database.jobs(jobs(3, "b", "pending"));
    Reply reply = database.api().overview(ACCOUNT).ok();
    assertThat(reply.at("account")).isNull();
    assertThat(reply.count("metrics.pending_jobs")).isEqualTo(3);
  }

  @Test
  void batchesAreSummedWithTwoDecimals() {
    database.batch(batch("b"));
    database.jobs(
        job("b", "done").append("call_result", call(10.0, 20_000)),
        job("b", "done").append("call_result", call(20.6, 20_000)));
    database.batch(
        batch("archived")
            .append("total_jobs", 10)
            .append("pending_jobs", 4)
            .append("total_cost", 1.5)
            .append("total_minutes", null));
    database.batch(batch("paused").append("is_active", false).append("total_jobs", 99));
    database.batch(batch("odd").append("is_active", 1).append("total_jobs", 99));
    Reply reply = database.api().overview().ok();
    assertThat(reply.body())
        .endsWith(
            "\"batches\":{\"active_count\":2,\"total_jobs\":12,\"total_cost\":1.81,"
                + "\"total_minutes\":0.67}}}");
    assertThat(reply.count("metrics.active_batches")).isEqualTo(2);
    assertThat(reply.count("metrics.pending_jobs")).isZero();
  }

  @Test
  void figuresAreRoundedOnce() {
    database.batch(batch("b"));
    database.jobs(job("b", "done").append("call_result", call(100.097, 60_297)));
    for (int i = 0; i < 100; i++) {
      database.batch(batch("archived" + i).append("total_jobs", 1).append("total_cost", 0.00004));
    }
    Reply reply = database.api().overview().ok();
    assertThat(reply.body()).endsWith("\"total_cost\":1.0,\"total_minutes\":1.0}}}");
    assertThat(Oracle.overview(reply))
        .isEqualTo(new Oracle(database).overview(Optional.empty(), database.db().now()));
  }

  /** An array matches by each of its elements; such a batch is not active anywhere else. */
  @Test
  void arrayIsNotActive() {
    database.batch(batch("b").append("total_jobs", 1));
    database.batch(batch("odd").append("is_active", List.of(true)).append("total_jobs", 2));
    for (Reply reply : List.of(database.api().overview(), database.api().overview(ACCOUNT))) {
      assertThat(reply.count("metrics.active_batches")).isEqualTo(1);
      assertThat(reply.count("detailed_stats.batches.total_jobs")).isEqualTo(1);
    }
  }

  @Test
  void todayBeginsAtMidnightOfZone() {
    database.close();
    database = ContractDatabase.openBare(Map.of("DASHBOARD_TIMEZONE", SANTIAGO.getId()));
    LocalDate today = database.db().now().atZone(SANTIAGO).toLocalDate();
    Instant midnight = today.atStartOfDay(SANTIAGO).toInstant();
    database.jobs(
        job("b", "done").append("created_at", Date.from(midnight)),
        job(null, "done").append("created_at", Date.from(midnight.plusMillis(1))),
        job("b", "done").append("created_at", Date.from(midnight.minusMillis(1))),
        job("b", "done").append("created_at", Date.from(midnight.plusSeconds(200_000))),
        job("b", "done").append("created_at", midnight.plusSeconds(5).toString()),
        job("b", "done")
            .append("created_at", new BsonTimestamp((int) midnight.getEpochSecond() + 5, 1)),
        job("b", "done").append("created_at", null));
    Reply reply = database.api().overview().ok();
    assertThat(reply.count("metrics.jobs_today")).isEqualTo(3);
    assertThat(reply.count("detailed_stats.jobs.today")).isEqualTo(3);
    assertThat(database.api().overview(ACCOUNT).count("metrics.jobs_today")).isEqualTo(3);
  }

  @Test
  void clientsMayCacheFor25Seconds() {
    database.close();
    database = ContractDatabase.openBare(Map.of("OVERVIEW_CACHE_SECONDS", ""));
    // What computing one takes is taken off, from 5 s on: not of each on a busy machine.
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          Reply reply = database.api().overview(ContractDatabase.name("acc"));
          return reply.headers().get("Cache-Control").contains("max-age=25");
        });
  }

  @Test
  void malformedAccountIdIsBadRequest() {
    database
        .api()
        .overviewWithQuery("account_id=a&account_id=b")
        .problem(400, "REPEATED_PARAMETER");
    database.api().overviewWithQuery("account_id=%zz").problem(400, "MALFORMED_REQUEST");
    assertThat(database.api().overviewWithQuery("account_id=").ok().at("account")).isNull();
  }
}
