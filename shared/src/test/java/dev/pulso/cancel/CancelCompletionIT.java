package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.event.CommandFailedEvent;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.BatchFields;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelCompletionIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @BeforeEach
  void upload() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(10, "b", "pending"));
  }

  @Test
  void upkeepCancelsRemainingJobs() {
    assertThat(cancel(fixture.pulso(), Deadline.in(Duration.ZERO)))
        .isInstanceOf(CancelOutcome.StillCancelling.class);
    assertThat(waiting()).isEqualTo(10);
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(waiting()).isZero();
    assertThat(BatchFields.cancelOf(fixture.stored("b")))
        .containsEntry("cancelled_jobs", 10L)
        .doesNotContainKey("open");
  }

  @Test
  void refusedAuditEntryLeavesNoJobWaiting() {
    fixture.db().auditLog().insertOne(new Document());
    refuseAuditEntries(true);
    assertThat(cancel(fixture.pulso(), soon())).isInstanceOf(CancelOutcome.StillCancelling.class);
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b")).containsEntry("pending_jobs", 0L);
    fixture.jobs(jobs(1, "b", "pending"));
    fixture.upkeepUntil(() -> waiting() == 0);
    refuseAuditEntries(false);
    // None before, so it was open until now.
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(fixture.db().auditLog().countDocuments(new Document("batch_id", "b"))).isOne();
    assertThat(cancelledJobs()).isEqualTo(11);
  }

  private void refuseAuditEntries(boolean refuse) {
    Document validator = refuse ? new Document("$expr", false) : new Document();
    Document change = new Document("collMod", "audit_log").append("validator", validator);
    fixture.db().database().runCommand(change);
  }

  @Test
  void repeatedCancelCountsItsLateReturns() {
    fixture.jobs(jobs(4, "b", "cancelled"));
    cancel(fixture.pulso(), soon());
    fixture.jobs(jobs(3, "b", "pending"));
    cancel(fixture.pulso(), soon());
    assertThat(cancelledJobs()).isEqualTo(13);
  }

  /** As if the server crashed before its journal had the update of the jobs. */
  @ParameterizedTest
  @ValueSource(strings = {"update", "find"})
  void jobsThatCrashBringsBackAreCancelledAgain(String lastBefore) {
    AtomicBoolean isCrashed = new AtomicBoolean();
    Runnable crash =
        () -> {
          isCrashed.set(true);
          fixture.db().jobs().updateMany(new Document(), set("status", "pending"));
        };
    CommandListener listener = afterAllJobs(lastBefore, crash);
    try (Pulso pulso = fixture.another(listener)) {
      assertThat(cancel(pulso, soon())).isInstanceOf(CancelOutcome.Cancelled.class);
    }
    assertThat(isCrashed).isTrue();
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b")).containsEntry("pending_jobs", 0L);
    assertThat(cancelledJobs()).isEqualTo(10);
  }

  /**
   * Acts once, after all jobs are changed or read. On a busy machine, an update may have changed
   * them although its answer came too late.
   */
  private static CommandListener afterAllJobs(String command, Runnable act) {
    AtomicBoolean isOver = new AtomicBoolean();
    return new CommandListener() {
      @Override
      public void commandSucceeded(CommandSucceededEvent event) {
        act(event.getCommandName().equals(command) && isOfJobs(event.getResponse()));
      }

      @Override
      public void commandFailed(CommandFailedEvent event) {
        act(event.getCommandName().equals(command) && command.equals("update"));
      }

      private void act(boolean isDue) {
        if (isDue && isOver.compareAndSet(false, true)) {
          act.run();
        }
      }
    };
  }

  private static boolean isOfJobs(BsonDocument response) {
    return response.containsKey("cursor")
        ? response.getDocument("cursor").getArray("firstBatch").size() == 10
        : response.getInt32("n").getValue() > 1;
  }

  @Test
  void upkeepCountsAfterTimeout() {
    Deadline deadline = Deadline.in(Duration.ofMillis(3_500));
    CommandListener slowAnswer =
        afterAllJobs("update", () -> LockSupport.parkNanos(deadline.remaining().toNanos()));
    try (Pulso pulso = fixture.another(slowAnswer)) {
      assertThat(cancel(pulso, deadline)).isInstanceOf(CancelOutcome.StillCancelling.class);
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b")).containsEntry("pending_jobs", 0L);
  }

  @Test
  void repeatedCancelLimitStartsWithRequest() {
    cancel(fixture.pulso(), Deadline.in(Duration.ZERO));
    Queue<Integer> limits = new ConcurrentLinkedQueue<>();
    CommandListener slow =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            String command = event.getCommand().toString();
            if (command.startsWith("{\"update\": \"jobs\"")) {
              limits.add(event.getCommand().getNumber("maxTimeMS").intValue());
            }
            boolean isRead = command.startsWith("{\"find\": \"batches\"");
            LockSupport.parkNanos(Duration.ofMillis(isRead ? 900 : 0).toNanos());
          }
        };
    try (ClientSession somebody = fixture.db().client().startSession();
        Pulso pulso = fixture.another(slow)) {
      somebody.startTransaction();
      fixture.db().jobs().updateOne(somebody, new Document(), set("dialer", 1));
      // On a busy machine the reads alone may take all the time.
      Eventually.isTrue(
          Duration.ofMinutes(1),
          () -> {
            assertThat(cancel(pulso, soon())).isInstanceOf(CancelOutcome.StillCancelling.class);
            return !limits.isEmpty();
          });
      somebody.abortTransaction();
    }
    // Of the 4 s two reads take 1.8 s, and counting keeps half of the others. If the limit began
    // after the reads, the jobs would have 2 s, and 1.5 s of these after the first update.
    assertThat(limits).allMatch(limit -> limit < 1_100);
  }

  @Test
  void anyFailureAfterMarkerIsStillCancel() {
    fixture.db().batches().updateMany(new Document(), set("pending_jobs", 5_000));
    Thread request = Thread.currentThread();
    CommandListener interrupting =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("update") && Thread.currentThread().isVirtual()) {
              request.interrupt();
            }
          }
        };
    try (Pulso pulso = fixture.another(interrupting)) {
      CancelOutcome outcome = cancel(pulso, soon());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome).isEqualTo(new CancelOutcome.StillCancelling(Optional.of("basta")));
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(waiting()).isZero();
  }

  private static CancelOutcome cancel(Pulso pulso, Deadline deadline) {
    return CancelWorld.cancel(pulso, "b", "basta", deadline);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private long cancelledJobs() {
    return Lenient.count(BatchFields.cancelOf(fixture.stored("b")).get("cancelled_jobs"));
  }

  private long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }
}
