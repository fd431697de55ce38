package dev.pulso.status;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import dev.pulso.counting.Recounter;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.IndependentWrites;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FirstPollsIT {
  private final PulsoFixture fixture = PulsoFixture.open();
  private final AtomicInteger counts = new AtomicInteger();
  private final AtomicLong countedAt = new AtomicLong();

  /** When the batch had its counters, or was given up: its snapshot is stored next. */
  private final AtomicLong writtenAt = new AtomicLong();

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger commands = new AtomicInteger();
  private final CommandListener listener =
      new CommandListener() {
        @Override
        public void commandStarted(CommandStartedEvent event) {
          commands.incrementAndGet();
          String command = event.getCommand().toString();
          if (command.startsWith("{\"find\": \"jobs\"")) {
            reads.incrementAndGet();
          }
          if (command.startsWith("{\"aggregate\"") && command.contains("\"kind\"")) {
            countedAt.compareAndSet(0, System.nanoTime());
            counts.incrementAndGet();
          }
          if (command.startsWith("{\"update\": \"pulso_tallies\"")
              && command.contains("taken_at")) {
            writtenAt.compareAndSet(0, System.nanoTime());
          }
        }
      };
  private final Pulso pulso = fixture.another(listener);

  @BeforeEach
  void uploadABatch() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(2_000, "b", "pending"));
    pulso.db().now();
    commands.set(0);
  }

  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  @Test
  void fiftyConcurrentPollsShareOneCount() {
    AtomicInteger tries = new AtomicInteger();
    Eventually.isTrue(
        Duration.ofSeconds(60), () -> doFiftyPollsShareOneCount("many-" + tries.incrementAndGet()));
  }

  /**
   * Returns false if a busy server stored the count too late for those who wait, and another one
   * followed, or if a poll came so late that another was due.
   */
  private boolean doFiftyPollsShareOneCount(String batchId) throws Exception {
    fixture.batches(batch(batchId));
    fixture.jobs(jobs(2_000, batchId, "pending"));
    counts.set(0);
    countedAt.set(0);
    writtenAt.set(0);
    long start = System.nanoTime();
    List<Callable<Counted>> polls = Collections.nCopies(50, () -> poll(batchId));
    try (ExecutorService threads = Executors.newFixedThreadPool(polls.size())) {
      for (Future<Counted> poll : threads.invokeAll(polls)) {
        assertThat(poll.get().counters().pending()).isEqualTo(2_000);
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Duration untilWritten = Duration.ofNanos(writtenAt.get() - countedAt.get());
    if (untilWritten.compareTo(IndependentWrites.PATIENCE) < 0
        && took.compareTo(Recounter.MINIMUM_INTERVAL) < 0) {
      assertThat(counts).hasValue(1);
    }
    return counts.get() == 1;
  }

  @Test
  void laterPollsReadOneDocument() {
    awaitCounters("b");
    commands.set(0);
    assertThat(poll().counters().total()).isEqualTo(2_000);
    assertThat(commands).hasValue(1);
  }

  @Test
  void jobsInsertedBeforeBatchAreCounted() {
    fixture.jobs(jobs(7, "late", "pending"));
    pulso.runUpkeep(Duration.ofSeconds(20));
    fixture.batches(batch("late"));
    assertThat(poll("late").counters().pending()).isEqualTo(7);
  }

  @Test
  void emptyBatchIsNotRecountedEachPoll() throws Exception {
    fixture.batches(batch("empty"));
    assertThat(poll("empty").counters().total()).isZero();
    awaitCounters("empty");
    int first = reads.get() + counts.get();
    assertThat(first).isPositive();
    for (int i = 0; i < 4; i++) {
      assertThat(poll("empty").counters().total()).isZero();
    }
    assertThat(reads.get() + counts.get()).isEqualTo(first);
  }

  @Test
  void pollersSeeChangesWithinFiveSeconds() {
    poll();
    fixture
        .db()
        .jobs()
        .updateMany(
            new Document("batch_id", "b"),
            new Document(
                "$set", new Document("status", "done").append("call_duration_seconds", 60)));
    Eventually.isTrue(
        fiveSeconds(),
        () -> {
          Counters seen = poll().counters();
          return seen.pending() == 0 && seen.minutes().compareTo(new BigDecimal(2_000)) == 0;
        });
  }

  /** And what a machine that is busy with other tests adds by the share that counting may take. */
  private Duration fiveSeconds() {
    Document snapshot = fixture.db().counterSnapshots().find().first();
    long share =
        25 * snapshot.get("count_cost_ms", Number.class).longValue()
            + 100 * snapshot.get("sums_cost_ms", Number.class).longValue();
    return Duration.ofSeconds(6).plusMillis(share);
  }

  /** On a busy machine the counters may be stored too late, and the next poll counts again. */
  private void awaitCounters(String batchId) {
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          poll(batchId);
          return fixture.preventRecounts() == 1;
        });
  }

  private Counted poll() {
    return poll("b");
  }

  private Counted poll(String batchId) {
    return PulsoFixture.poll(pulso, batchId);
  }
}
