package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.unset;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.BatchFields;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten jobs wait, and others cancelled four: a cancel does not count those as its own. */
class CancelledEarlierIT extends CancelWorld {
  @BeforeEach
  void upload() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(10, "b", "pending"));
    fixture.jobs(jobs(4, "b", "cancelled"));
  }

  @Test
  void jobsCancelledByOthersAreNotCounted() {
    cancel("b", "basta");
    assertThat(BatchFields.countersOf(stored("b"))).containsEntry("cancelled", 14L);
    assertThat(storedCancel()).containsEntry("cancelled_jobs", 10L);
  }

  @Test
  void finisherCountsOnlyJobsOfCancel() {
    cancel(fixture.pulso(), Deadline.in(Duration.ZERO));
    // Cancels half of the jobs, like a process that died then. It had counted the others before.
    fixture
        .db()
        .batches()
        .updateMany(
            new Document(),
            combine(set(BatchFields.CANCELLED_EARLIER, 4L), unset(BatchFields.EARLIER_UNCOUNTED)));
    for (Document job : fixture.db().jobs().find(new Document("status", "pending")).limit(5)) {
      fixture.db().jobs().updateOne(job, set("status", "cancelled"));
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(storedCancel()).containsEntry("cancelled_jobs", 10L);
  }

  @Test
  void lastRecountStandsInForLateCount() {
    fixture.upkeepUntil(() -> BatchFields.countersOf(stored("b")).containsKey("cancelled"));
    try (Pulso pulso = fixture.another(new LateCount())) {
      leavesCountToOthers(pulso);
      PulsoFixture.upkeepUntil(pulso, UpkeepReport::cancelsFinished, 1);
    }
    isOfTen();
  }

  @Test
  void secondCancelDoesNotWaitForLateCount() {
    fixture.upkeepUntil(() -> BatchFields.countersOf(stored("b")).containsKey("cancelled"));
    try (Pulso pulso = fixture.another(new LateCount())) {
      leavesCountToOthers(pulso);
      Eventually.isTrue(
          Duration.ofSeconds(20), () -> cancel(pulso, soon()) instanceof CancelOutcome.Cancelled);
    }
    isOfTen();
  }

  private void leavesCountToOthers(Pulso pulso) {
    assertThat(cancel(pulso, Deadline.in(Duration.ofMillis(2_500))))
        .isInstanceOf(CancelOutcome.StillCancelling.class);
    assertThat(storedCancel()).containsEntry("earlier_uncounted", true);
    assertThat(fixture.waiting("b")).isEqualTo(10);
  }

  private void isOfTen() {
    assertThat(fixture.waiting("b")).isZero();
    assertThat(storedCancel())
        .containsEntry("cancelled_earlier", 4L)
        .containsEntry("cancelled_jobs", 10L)
        .doesNotContainKey("earlier_uncounted");
  }

  /** Delays each count of cancelled jobs until it is too late. */
  private static final class LateCount implements CommandListener {
    @Override
    public void commandStarted(CommandStartedEvent event) {
      BsonDocument command = event.getCommand();
      if (command.toString().startsWith("{\"aggregate\": \"jobs\"")
          && command.getArray("pipeline").getFirst().toString().contains("\"cancelled\"")) {
        // The driver subtracts a round trip from the limit; on a busy machine, one may be long.
        long limit = command.getNumber("maxTimeMS").longValue() + 1_000;
        LockSupport.parkNanos(Duration.ofMillis(limit).toNanos());
      }
    }
  }

  private static CancelOutcome cancel(Pulso pulso, Deadline deadline) {
    return cancel(pulso, "b", "basta", deadline);
  }

  private Document storedCancel() {
    return BatchFields.cancelOf(stored("b"));
  }
}
