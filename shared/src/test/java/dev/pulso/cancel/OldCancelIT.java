package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Batches that were cancelled before Pulso came. */
class OldCancelIT extends CancelWorld {
  @Test
  void batchCancelledBeforePulsoStaysCancelled() {
    fixture.batches(cancelledBefore("old"));
    fixture.jobs(jobs(3, "old", "pending"));
    assertThat(fixture.resume("old")).isEqualTo(PauseOutcome.CANCELLED);
    assertThat(fixture.pause("old")).isEqualTo(PauseOutcome.CANCELLED);
    assertThat(stored("old")).containsEntry("is_active", false);
    assertThat(
            fixture
                .pulso()
                .services()
                .summary()
                .summary(Accounts.ALL, new BatchAddress("old"), soon())
                .counted()
                .state()
                .name())
        .isEqualTo("CANCELLED");
    assertThat(audit()).isEmpty();
  }

  /** No worker would ever finish these jobs: workers ignore inactive batches. */
  @Test
  void oldCancelKeepsItsReason() {
    fixture.batches(cancelledBefore("old"));
    fixture.jobs(jobs(3, "old", "pending"));
    Object completedAt = stored("old").get("completed_at");
    CancelOutcome outcome = cancel("old", "late");
    assertThat(outcome).isEqualTo(new CancelOutcome.Cancelled(Optional.of("sin saldo")));
    assertThat(stored("old"))
        .containsEntry("cancellation_reason", "sin saldo")
        .containsEntry("completed_at", completedAt)
        .containsEntry("pending_jobs", 0L)
        .containsKey("cancelled_at");
    assertThat(reasonsOfJobs("old")).containsOnly("sin saldo");
    assertThat(audit()).extracting(entry -> entry.get("reason")).containsExactly("sin saldo");
  }

  @Test
  void pauseRemovesOldReason() {
    fixture.batches(batch("b").append("cancellation_reason", "undone since"));
    assertThat(fixture.pause("b")).isEqualTo(PauseOutcome.DONE);
    assertThat(fixture.resume("b")).isEqualTo(PauseOutcome.DONE);
    assertThat(stored("b")).containsEntry("is_active", true);
  }

  @Test
  void falseInCancelledAtMeansNotCancelled() {
    fixture.batches(batch("b").append("cancelled_at", false));
    fixture.jobs(jobs(10, "b", "pending"));
    upkeep();
    assertThat(stored("b")).containsEntry("is_active", true);
    cancel("b", "basta");
    assertThat(fixture.waiting("b")).isZero();
    assertThat(stored("b").get("cancelled_at")).isInstanceOf(Date.class);
    assertThat(audit()).hasSize(1);
  }

  private static Document cancelledBefore(String id) {
    return batch(id)
        .append("is_active", false)
        .append("cancellation_reason", "sin saldo")
        .append("completed_at", new Date(1_700_000_000_000L));
  }
}
