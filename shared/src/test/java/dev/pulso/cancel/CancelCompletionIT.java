package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import dev.pulso.upkeep.UpkeepReport;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
    assertThat(fixture.stored("b").get("pulso", Document.class).get("cancel", Document.class))
        .containsEntry("cancelled_jobs", 10L)
        .doesNotContainKey("open");
  }

  @Test
  void refusedAuditEntryLeavesNoJobWaiting() {
    fixture.db().auditLog().insertOne(new Document());
    refuseAuditEntries(true);
    assertThat(cancel(fixture.pulso(), Deadline.in(Duration.ofSeconds(20))))
        .isInstanceOf(CancelOutcome.StillCancelling.class);
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
    fixture
        .db()
        .client()
        .getDatabase(fixture.settingsForAnotherProcess().database())
        .runCommand(new Document("collMod", "audit_log").append("validator", validator));
  }

  @Test
  void jobsCancelledByOthersAreNotCounted() {
    fixture.jobs(jobs(4, "b", "cancelled"));
    cancel(fixture.pulso(), Deadline.in(Duration.ofSeconds(20)));
    assertThat(
            fixture.stored("b").getEmbedded(List.of("pulso", "figures", "cancelled"), Long.class))
        .isEqualTo(14);
    assertThat(cancelledJobs()).isEqualTo(10);
  }

  @Test
  void finisherCountsOnlyJobsOfCancel() {
    fixture.jobs(jobs(4, "b", "cancelled"));
    cancel(fixture.pulso(), Deadline.in(Duration.ZERO));
    // Cancels half of the jobs, like a process that died then.
    for (Document job : fixture.db().jobs().find(new Document("status", "pending")).limit(5)) {
      fixture.db().jobs().updateOne(job, set("status", "cancelled"));
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(cancelledJobs()).isEqualTo(10);
  }

  @Test
  void repeatedCancelCountsItsLateReturns() {
    fixture.jobs(jobs(4, "b", "cancelled"));
    cancel(fixture.pulso(), Deadline.in(Duration.ofSeconds(20)));
    fixture.jobs(jobs(3, "b", "pending"));
    cancel(fixture.pulso(), Deadline.in(Duration.ofSeconds(20)));
    assertThat(cancelledJobs()).isEqualTo(13);
  }

  /** As if the server crashed before its journal had the update of the jobs. */
  @ParameterizedTest
  @ValueSource(strings = {"update", "find"})
  void jobsThatCrashBringsBackAreCancelledAgain(String lastBefore) {
    AtomicInteger seen = new AtomicInteger();
    CommandListener crash =
        new CommandListener() {
          @Override
          public void commandSucceeded(CommandSucceededEvent event) {
            if (event.getCommandName().equals(lastBefore)
                && isOfJobs(event.getResponse())
                && seen.incrementAndGet() == 1) {
              fixture.db().jobs().updateMany(new Document(), set("status", "pending"));
            }
          }
        };
    try (Pulso pulso = fixture.another(crash)) {
      assertThat(cancel(pulso, Deadline.in(Duration.ofSeconds(20))))
          .isInstanceOf(CancelOutcome.Cancelled.class);
    }
    assertThat(seen).as("the crash").hasPositiveValue();
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b")).containsEntry("pending_jobs", 0L);
    assertThat(cancelledJobs()).isEqualTo(10);
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
        new CommandListener() {
          @Override
          public void commandSucceeded(CommandSucceededEvent event) {
            boolean isOfJobs =
                event.getCommandName().equals("update")
                    && event.getResponse().getInt32("nModified").getValue() == 10;
            if (isOfJobs) {
              LockSupport.parkNanos(deadline.remaining().toNanos());
            }
          }
        };
    try (Pulso pulso = fixture.another(slowAnswer)) {
      assertThat(cancel(pulso, deadline)).isInstanceOf(CancelOutcome.StillCancelling.class);
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b")).containsEntry("pending_jobs", 0L);
  }

  @Test
  void falseInCancelledAtMeansNotCancelled() {
    fixture.db().batches().updateMany(new Document(), set("cancelled_at", false));
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    assertThat(fixture.stored("b")).containsEntry("is_active", true);
    cancel(fixture.pulso(), Deadline.in(Duration.ofSeconds(20)));
    assertThat(waiting()).isZero();
    assertThat(fixture.stored("b").get("cancelled_at")).isInstanceOf(Date.class);
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
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
            assertThat(cancel(pulso, Deadline.in(Duration.ofSeconds(20))))
                .isInstanceOf(CancelOutcome.StillCancelling.class);
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
      CancelOutcome outcome = cancel(pulso, Deadline.in(Duration.ofSeconds(20)));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(outcome).isEqualTo(new CancelOutcome.StillCancelling(Optional.of("basta")));
    }
    fixture.upkeepUntil(UpkeepReport::cancelsFinished, 1);
    assertThat(waiting()).isZero();
  }

  private static CancelOutcome cancel(Pulso pulso, Deadline deadline) {
    return pulso
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS, new BatchAddress("b"), Optional.of("basta"), Origin.NONE, deadline);
  }

  private long cancelledJobs() {
    return fixture
        .stored("b")
        .getEmbedded(List.of("pulso", "cancel", "cancelled_jobs"), Number.class)
        .longValue();
  }

  private long waiting() {
    return fixture.db().jobs().countDocuments(new Document("status", "pending"));
  }
}
