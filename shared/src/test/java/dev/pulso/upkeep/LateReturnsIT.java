package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.counting.Recounter;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class LateReturnsIT {
  private static final int A_PAGE = 20;
  private static final int A_RUN = 20 * A_PAGE;

  /** More than two runs check. */
  private static final int MANY = 1_000;

  private static final Duration RUN = Duration.ofSeconds(50);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  private final Db db = fixture.db();
  private final LateReturns lateReturns = lateReturns(db);

  @Test
  void manyCancelledBatchesAreSweptInTurn() {
    List<Document> cancelled = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      // All batches have one of two cancel times, and one time has more batches than a run checks.
      cancelled.add(cancelled("b" + i, new Date(LONG_AGO.toEpochMilli() + i / 800)));
    }
    unhurried(db.batches()).insertMany(cancelled);
    fixture.batches(cancelled("new", Date.from(db.now())));
    List<String> late = List.of("b0", "b799", "b800", "b999");
    late.forEach(id -> fixture.jobs(jobs(2, id, "pending")));
    fixture.jobs(jobs(2, "new", "pending"));

    assertThat(run()).as("first run").isPositive();
    assertThat(fixture.waiting("new")).isZero();
    for (int seen = A_RUN; seen <= MANY; seen += A_RUN) {
      run();
    }
    late.forEach(id -> assertThat(fixture.waiting(id)).as(id).isZero());

    fixture.jobs(jobs(1, "b700", "pending"));
    for (int seen = 0; seen <= MANY; seen += A_RUN) {
      run();
    }
    assertThat(fixture.waiting("b700")).isZero();
  }

  @Test
  void manyDeletedBatchesAreSweptInTurn() {
    List<Document> entries = new ArrayList<>();
    for (int i = 0; i < A_RUN + 5; i++) {
      entries.add(
          new Document("action", "batch.cancelled")
              .append("batch_id", "b%05d".formatted(i))
              .append("reason", "basta"));
    }
    unhurried(db.auditLog()).insertMany(entries);
    String last = "b%05d".formatted(A_RUN + 4);
    fixture.jobs(jobs(1, last, "pending"));
    assertThat(run()).isZero();
    assertThat(run()).isEqualTo(1);
    assertThat(fixture.waiting(last)).isZero();
  }

  @Test
  void oddCancelledAtCountsAsCancelled() {
    fixture.batches(cancelled("text", "yesterday"), cancelled("number", 5));
    fixture.jobs(jobs(1, "text", "pending"));
    fixture.jobs(jobs(1, "number", "scheduled"));
    assertSwept(2);
  }

  @Test
  void emptyCancelledAtCountsAsNone() {
    fixture.batches(batch("blank").append("cancelled_at", ""), cancelled("late", "yesterday"));
    fixture.jobs(jobs(2, "blank", "pending"));
    fixture.jobs(jobs(1, "late", "pending"));
    assertSwept(1);
    assertThat(fixture.waiting("blank")).isEqualTo(2);
    assertThat(fixture.db().batches().find(new Document("batch_id", "blank")).first())
        .containsEntry("is_active", true);
  }

  @Test
  void cancelBeforeEpochIsSwept() {
    fixture.batches(
        cancelled("apollo", Date.from(Instant.parse("1969-07-20T20:17:40Z"))),
        cancelled("earliest", new Date(Long.MIN_VALUE)));
    fixture.jobs(jobs(1, "apollo", "pending"));
    fixture.jobs(jobs(1, "earliest", "pending"));
    assertSwept(2);
  }

  @Test
  void arrayBatchIdStopsNoSweep() {
    db.auditLog().insertMany(List.of(audited(List.of("a", "b")), audited("late"), audited(7)));
    fixture.jobs(jobs(1, "late", "pending"));
    assertSwept(1);
  }

  @Test
  void arrayOfTimesStopsNoSweep() {
    List<Document> page = new ArrayList<>();
    for (int i = 0; i < 999; i++) {
      page.add(cancelled("b" + i, Date.from(LONG_AGO)));
    }
    Date later = Date.from(LONG_AGO.plusSeconds(1));
    page.add(cancelled("array", List.of(later)));
    page.add(cancelled("late", Date.from(LONG_AGO.plusSeconds(2))));
    unhurried(db.batches()).insertMany(page);
    fixture.jobs(jobs(1, "array", "pending"));
    fixture.jobs(jobs(1, "late", "pending"));
    assertSwept(2);
  }

  @Test
  void jobsOfCancelledTwinAreSwept() {
    db.batches().dropIndexes();
    fixture.batches(batch("b"), cancelled("b", Date.from(LONG_AGO)));
    fixture.jobs(jobs(2, "b", "pending"));
    assertSwept(1);
    assertThat(fixture.waiting("b")).isZero();
    assertThat(db.batches().find())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each).containsEntry("is_active", false))
        .allSatisfy(each -> assertThat(each).containsEntry("total_jobs", 2L));
    assertThat(run()).isZero();
  }

  private static Document audited(Object batchId) {
    return new Document("action", "batch.cancelled").append("batch_id", batchId);
  }

  private void assertSwept(int batches) {
    assertThat(fixture.upkeepUntil(UpkeepReport::batchesSwept, batches))
        .allSatisfy(report -> assertThat(report.failedSteps()).isEmpty());
  }

  private int run() {
    Steps steps = new Steps(Deadline.in(RUN));
    int swept =
        steps.run("late returns", 100, (time, each) -> lateReturns.sweep(db.now(), time, each), 0);
    assertThat(steps.failed()).isEmpty();
    return swept;
  }

  private static LateReturns lateReturns(Db db) {
    Batches batches = new Batches(db);
    CancellationMarkers markers =
        new CancellationMarkers(db, batches, new AuditLog(db), new Outbox(db));
    JobIndexes indexes = new JobIndexes(db);
    JobCanceller jobs = new JobCanceller(db, indexes);
    Recounter recounter = new Recounter(db, ZoneOffset.UTC, indexes);
    CancelCompletion completion = new CancelCompletion(db, markers, jobs, recounter);
    return new LateReturns(db, new Pager(db, A_PAGE), batches, completion, jobs, recounter);
  }

  private static Document cancelled(String id, Object at) {
    return batch(id).append("is_active", false).append("cancelled_at", at);
  }
}
