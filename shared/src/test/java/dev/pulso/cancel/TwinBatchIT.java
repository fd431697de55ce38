package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.SlowCommand;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Two batches with one batch_id share their jobs. */
class TwinBatchIT extends CancelWorld {
  private static final Optional<String> REASON = Optional.of("basta");
  private static final Deadline OVER = Deadline.in(Duration.ZERO);

  @Test
  void cancelCoversTwinBatch() {
    twins("b");
    fixture.jobs(jobs(5, "b", "pending"));
    assertThat(cancel("b", "basta")).isEqualTo(new CancelOutcome.Cancelled(Optional.of("basta")));
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .hasSize(2)
        .allSatisfy(TwinBatchIT::isCancelled);
    assertThat(reasonsOfJobs("b")).hasSize(5).containsOnly("basta");
    assertThat(audit()).hasSize(2).allMatch(entry -> entry.get("actor").equals("ana"));
    assertThat(audit())
        .extracting(entry -> entry.get("account_id"))
        .containsExactlyInAnyOrder("acc-chile-001", "acc-peru-001");
  }

  /** A pause whose process died before its entry was in the audit log. */
  @Test
  void twinIsCancelledByWhoCancelled() {
    twins("b");
    fixture
        .db()
        .batches()
        .updateMany(
            new Document("batch_id", "b"),
            Document.parse("{$set: {pulso: {outbox: [{_id: 'pause', actor: 'eva'}]}}}"));
    cancel("b", "basta");
    assertThat(audit())
        .filteredOn(entry -> "batch.cancelled".equals(entry.get("action")))
        .hasSize(2)
        .allMatch(entry -> entry.get("actor").equals("ana"));
  }

  @Test
  void upkeepCancelsTwinOfDeadCancel() {
    twins("b");
    fixture.jobs(jobs(5, "b", "pending"));
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b"), REASON, ORIGIN, OVER);
    Document unfinished =
        Document.parse("{$or: [{'pulso.cancel.open': true}, {'pulso.outbox': {$exists: true}}]}");
    fixture.upkeepUntil(() -> fixture.db().batches().countDocuments(unfinished) == 0);
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .hasSize(2)
        .allSatisfy(TwinBatchIT::isCancelled);
    assertThat(audit()).hasSize(2);
  }

  /** The marker does not wait for the count of jobs that were cancelled before. */
  @Test
  void slowCountIsRepeatedAfterMarker() {
    twins("b");
    fixture.jobs(jobs(5, "b", "pending"));
    fixture.jobs(jobs(2, "b", "cancelled"));
    SlowCommand count =
        new SlowCommand("aggregate", "\"status\": \"cancelled\"", Duration.ofMillis(1_100));
    try (Pulso pulso = fixture.another(count)) {
      PulsoFixture.cancel(pulso, "b", "basta");
    }
    assertThat(count.calls()).hasPositiveValue();
    fixture.upkeepUntil(
        () -> fixture.db().batches().countDocuments(new Document("pulso.cancel.open", true)) == 0);
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .extracting(batch -> BatchFields.cancelOf(batch).get("cancelled_jobs"))
        .containsExactly(5L, 5L);
  }

  @Test
  void pauseLeavesTwinBatch() {
    twins("b");
    fixture.pause("b");
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .extracting(batch -> batch.get("is_active"))
        .containsExactlyInAnyOrder(true, false);
  }

  private void twins(String id) {
    fixture.db().batches().dropIndexes();
    fixture.batches(batch(id), batch(id).append("account_id", "acc-peru-001"));
  }

  private static void isCancelled(Document batch) {
    assertThat(batch)
        .containsEntry("is_active", false)
        .containsEntry("cancellation_reason", "basta")
        .containsKey("cancelled_at")
        .containsEntry("pending_jobs", 0L)
        .containsEntry("total_jobs", 5L);
    assertThat(batch.get("pulso", Document.class))
        .doesNotContainKey("outbox")
        .containsEntry(
            "cancel",
            new Document("reason", "basta")
                .append("cancelled_earlier", 0L)
                .append("cancelled_jobs", 5L));
  }
}
