package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.demo.CallDesk.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallDeskIT {
  private static final CallResult RESULT = new CallResult("call_1", true, 90_000, 24.2, "Hola.");

  private final TestDatabase database = new TestDatabase();
  private final MovableClock clock = new MovableClock(Instant.parse("2026-03-04T15:00:00Z"));
  private final CallDesk desk = new CallDesk(database.collections, clock, new Random(1));

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void claimTakesPendingJobOfActiveBatch() {
    batch("b", true);
    job("b", "pending", 0);
    Call call = desk.claim("bot-1").orElseThrow();
    assertThat(call.attempts()).isEqualTo(1);
    Document job = job(call);
    assertThat(job.getString("status")).isEqualTo("in_progress");
    assertThat(job.getDate("started_at")).isEqualTo(now());
    assertThat(job.getDate("updated_at")).isEqualTo(now());
    assertThat(job.getString("worker_id")).isEqualTo("bot-1");
    assertThat(desk.claim("bot-2")).isEmpty();
  }

  @Test
  void inactiveAndForeignBatchesAreIgnored() {
    batch("paused", false);
    job("paused", "pending", 0);
    database
        .collections
        .batches()
        .insertOne(new Document("batch_id", "foreign").append("is_active", true));
    job("foreign", "pending", 0);
    job(null, "pending", 0);
    assertThat(desk.claim("bot-1")).isEmpty();
  }

  @Test
  void returnedJobIsClaimedWhenDue() {
    batch("b", true);
    job("b", "pending", 0);
    Call call = desk.claim("bot-1").orElseThrow();
    desk.returned(call, Duration.ofMinutes(1));
    assertThat(job(call).getString("status")).isEqualTo("pending");
    assertThat(desk.claim("bot-1")).isEmpty();
    clock.move(Duration.ofMinutes(1));
    assertThat(desk.claim("bot-1")).map(Call::attempts).contains(2);
  }

  @Test
  void failedJobNeedsRemainingAttempts() {
    batch("b", true);
    job("b", "pending", 1);
    Call second = desk.claim("bot-1").orElseThrow();
    desk.failed(second, RESULT, Optional.of(Duration.ofMinutes(1)));
    clock.move(Duration.ofMinutes(2));
    Call third = desk.claim("bot-1").orElseThrow();
    assertThat(third.mayBeTriedAgain()).isFalse();
    desk.failed(third, RESULT, Optional.of(Duration.ofMinutes(1)));
    clock.move(Duration.ofMinutes(2));
    assertThat(desk.claim("bot-1")).isEmpty();
  }

  @Test
  void successIsWrittenInBothFormats() {
    batch("b", true);
    job("b", "pending", 0);
    job("b", "pending", 0);
    Call done = desk.claim("bot-1").orElseThrow();
    Call completed = desk.claim("bot-2").orElseThrow();
    desk.done(done, RESULT);
    desk.completed(completed, RESULT);

    Document first = job(done);
    assertThat(first.getString("status")).isEqualTo("done");
    assertThat(first.getDate("finished_at")).isEqualTo(now());
    assertThat(first.getDate("call_ended_at")).isEqualTo(now());
    assertThat(first.getEmbedded(List.of("call_result", "summary", "duration_ms"), Integer.class))
        .isEqualTo(90_000);
    Document second = job(completed);
    assertThat(second.getString("status")).isEqualTo("completed");
    assertThat(second.getDate("completed_at")).isEqualTo(now());
    assertThat(second.getEmbedded(List.of("call_result", "duration_ms"), Integer.class))
        .isEqualTo(90_000);
  }

  @Test
  void workersIncrementBatchCounters() {
    batch("b", true);
    job("b", "pending", 0);
    desk.done(desk.claim("bot-1").orElseThrow(), RESULT);
    Document batch = database.collections.batches().find(eq("batch_id", "b")).first();
    assertThat(batch.get("completed_jobs")).isEqualTo(1);
    assertThat(batch.get("total_minutes")).isEqualTo(2.0);
    assertThat(batch.get("total_cost")).isEqualTo(0.36);
  }

  private void batch(String id, boolean active) {
    database
        .collections
        .batches()
        .insertOne(
            new Document("batch_id", id)
                .append("is_active", active)
                .append(BatchDocuments.UPLOADED_BY, BatchDocuments.DEMO));
  }

  private void job(String batchId, String status, int attempts) {
    database
        .collections
        .jobs()
        .insertOne(
            new Document("batch_id", batchId)
                .append("status", status)
                .append("attempts", attempts)
                .append("max_attempts", 3));
  }

  private Document job(Call call) {
    return database.collections.jobs().find(eq("_id", call.jobId())).first();
  }

  private Date now() {
    return Date.from(clock.instant());
  }
}
