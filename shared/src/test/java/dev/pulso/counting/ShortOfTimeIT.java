package dev.pulso.counting;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.mongodb.client.ClientSession;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Counters;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recount of a counted batch does not fit into the time that a poll has. */
class ShortOfTimeIT extends RecounterWorld {
  private static final int JOBS = 2 * SmallGroups.MOST_JOBS;
  private static final String SUMS = "most_cents";
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration OF_A_POLL = Duration.ofSeconds(4);

  private final AtomicInteger sums = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private volatile String slow = "nothing";
  private volatile Deadline release = soon;
  private final CommandListener listener =
      new CommandListener() {
        @Override
        public void commandStarted(CommandStartedEvent event) {
          String sent = event.getCommand().toString();
          sums.addAndGet(sent.contains(SUMS) ? 1 : 0);
          held.addAndGet(sent.contains(slow) ? 1 : 0);
          while (sent.contains(slow) && !release.passed()) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
          }
        }
      };
  @AutoClose private final Pulso pulso = fixture.another(listener);

  @BeforeEach
  void count() {
    fixture.jobs(jobs(JOBS - 5, "b", "pending"));
    Eventually.isTrue(
        PATIENCE,
        () -> {
          poll(Duration.ofSeconds(20));
          return fixture.preventRecounts() == 1;
        });
    fixture.db().jobs().updateMany(new Document(), new Document("$set", done()));
    Document due = Document.parse("{$set: {'pulso.due_at': {$date: 0}}}");
    fixture.db().batches().updateMany(new Document(), due);
    setSnapshot(Document.parse("{taken_at: {$date: 0}, sums_at: {$date: 0}}"));
    sums.set(0);
  }

  @Test
  void countsAreStoredWithoutLateSums() {
    slow = SUMS;
    Eventually.isTrue(
        PATIENCE,
        () -> poll(OF_A_POLL).completed() == JOBS && snapshot().getBoolean("sums_behind", false));
    assertThat(counted().counters().minutes()).isZero();
    assertThat(snapshot()).containsEntry("sums_tried_at", snapshot().get("taken_at"));
    assertThat(snapshot().getLong("sums_cost_ms")).isPositive();
  }

  @Test
  void lateSumsKeepTheDutyCycle() {
    fixture.db().jobs().updateOne(new Document(), set("status", "in_progress"));
    haveCostlySums();
    Eventually.isTrue(PATIENCE, () -> poll(Duration.ofMinutes(5)).completed() == JOBS - 1);
    assertThat(sums).hasValue(0);
  }

  /** Nothing is told of a batch after its end. */
  @Test
  void endIsToldWithItsSums() {
    haveCostlySums();
    pollUntilCounted(Duration.ofMinutes(5));
    assertThat(stored().get("pulso", Document.class).getList("events", Document.class))
        .extracting(event -> event.get("action"), event -> event.get("total_minutes"))
        .containsExactly(
            tuple("batch.progress", (double) JOBS), tuple("batch.completed", (double) JOBS));
  }

  /** An uploader may add one job at a time. */
  @Test
  void endAfterEndKeepsTheDutyCycle() {
    haveCostlySums();
    assertRecounted(Duration.ofMinutes(2));
    Document end = snapshot();
    assertThat(end).containsEntry("sums_behind", false);
    setSnapshot(new Document("sums_cost_ms", 60_000L));
    for (String status : List.of("in_progress", "done")) {
      fixture.db().jobs().updateOne(new Document(), set("status", status));
      assertRecounted(Duration.ofMinutes(2));
    }
    assertThat(snapshot()).containsEntry("sums_at", end.get("sums_at"));
  }

  /** Polls may take each turn that the duty cycle of counts allows. */
  @Test
  void longSumsAreLeftToUpkeep() {
    setSnapshot(new Document("sums_cost_ms", 6_000L));
    pollUntilCounted(Duration.ofSeconds(9));
    assertThat(sums).hasValue(0);
    setSnapshot(new Document("count_cost_ms", 60_000L));
    assertRecounted(Duration.ofMinutes(2));
    assertThat(snapshot()).containsEntry("sums_behind", false);
    assertThat(counted().counters().minutes()).isEqualByComparingTo(String.valueOf(JOBS));
  }

  /** A refresh that an overview waits for has no more time than a poll. */
  @Test
  void longSumsAreLeftByShortRefresh() {
    setSnapshot(new Document("sums_cost_ms", 6_000L));
    assertRecounted(OF_A_POLL);
    assertThat(snapshot()).containsEntry("sums_behind", true).doesNotContainKey("sums_tried_at");
  }

  /** Lambda ends a function that goes on for long. */
  @Test
  void heldBatchDoesNotOutlastThePoll() {
    slow = SUMS;
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      Document dialed = Document.parse("{$set: {dialer: 1}}");
      fixture.db().batches().updateOne(somebody, new Document(), dialed);
      // A poll that gets no lease tells nothing; nor does one that the machine delays.
      Eventually.isTrue(
          PATIENCE,
          () -> {
            sums.set(0);
            long start = System.nanoTime();
            poll(OF_A_POLL);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return sums.get() > 0 && took.compareTo(OF_A_POLL.plusSeconds(2)) < 0;
          });
      somebody.abortTransaction();
    }
  }

  /** The count, and the majority write before it. */
  @ParameterizedTest
  @ValueSource(strings = {"\"kind\"", "\"_id\": \"none\""})
  void storedCountersAreShown(String what) {
    slow = what;
    Eventually.isTrue(
        PATIENCE,
        () -> {
          assertThat(poll(OF_A_POLL).pending()).isEqualTo(JOBS);
          return held.get() > 0;
        });
    Eventually.isTrue(PATIENCE, () -> !snapshot().containsKey("lease_until"));
  }

  /** On a busy server, the lease may come too late. */
  private void assertRecounted(Duration time) {
    Eventually.isTrue(
        PATIENCE, () -> recounter.recountAll(Set.of(GROUP), Deadline.in(time)).contains(GROUP));
  }

  private Counters poll(Duration time) {
    Deadline deadline = Deadline.in(time);
    // The driver's own limit may begin a little later.
    release = Deadline.in(time.plusMillis(500));
    return pulso
        .services()
        .status()
        .status(Accounts.ALL, new BatchAddress("b"), deadline)
        .counters();
  }

  /** A poll does not wait for a lease or write that is slow. */
  private void pollUntilCounted(Duration time) {
    Eventually.isTrue(PATIENCE, () -> poll(time).completed() == JOBS);
  }

  private void haveCostlySums() {
    Date tried = Date.from(fixture.db().now().minus(Duration.ofMinutes(20)));
    setSnapshot(new Document("sums_tried_at", tried).append("sums_cost_ms", 60_000L));
  }

  private static Document done() {
    return new Document("status", "done").append("call_duration_seconds", 60);
  }

  private void setSnapshot(Document fields) {
    Document key = new Document("_id", GROUP.key());
    fixture.db().counterSnapshots().updateOne(key, new Document("$set", fields));
  }
}
