package dev.pulso.counting;

import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** One process recounts a batch at a time, and later counters win. */
class RecountLeaseIT extends RecounterWorld {
  private static final Duration FOR_WRITES = Duration.ofSeconds(2);
  private final CounterStore snapshots = new CounterStore(fixture.db());

  @Test
  void olderCountersNeverReplaceNewerOnes() {
    Lease<CounterSnapshot> older = lease();
    runOut(GROUP);
    fixture.jobs(jobs(2, "b", "done"));
    recount();
    Document figures = stored();
    Document snapshot = snapshot();
    store(older, 3);
    assertThat(stored()).isEqualTo(figures);
    assertThat(snapshot()).isEqualTo(snapshot);
    assertThat(counted().counters().total()).isEqualTo(7);
  }

  @Test
  void noteThatThereWasNoJobNeverReplacesNewerCounters() {
    Lease<CounterSnapshot> older = lease();
    runOut(GROUP);
    recount();
    BatchCounters figures = new BatchCounters(fixture.db());
    figures.write(List.of(figures.nothingToCount(older, Duration.ofSeconds(4))), FOR_WRITES);
    assertThat(counted().counters().total()).isEqualTo(5);
    assertThat(snapshot()).isNotNull();
  }

  @Test
  void leaseOfADeadHolderIsTakenOver() {
    lease();
    assertThat(isRecounted(Duration.ZERO)).isFalse();
    Deadline impatient = Deadline.in(Duration.ofMillis(100));
    assertThat(recounter.recountSince(GROUP, fixture.db().now(), impatient)).isEmpty();
    runOut(GROUP);
    Eventually.isTrue(PATIENCE, () -> isRecounted(Duration.ZERO));
    assertThat(counted().counters().pending()).isEqualTo(5);
  }

  @Test
  void leaseRunsOutByItselfWithinAMinute() {
    lease();
    Instant now = fixture.db().now();
    assertThat(snapshot().getDate("lease_until").toInstant()).isBetween(now, now.plusSeconds(60));
  }

  @Test
  void restedGroupAloneIsRecounted() {
    Duration rest = Duration.ofHours(1);
    // On a busy server, the counters may land later.
    Eventually.isTrue(PATIENCE, () -> isRecounted(rest) || counted().isCounted());
    assertThat(isRecounted(rest)).isFalse();
  }

  @Test
  void countersThatAreNewEnoughAreNotMadeAgain() {
    Instant before = fixture.db().now().minusMillis(1);
    recount();
    Document snapshot = snapshot();
    Eventually.isTrue(PATIENCE, () -> recounter.recountSince(GROUP, before, soon).isPresent());
    assertThat(snapshot()).isEqualTo(snapshot);
    fixture.jobs(jobs(1, "b", "pending"));
    recount();
    assertThat(counted().counters().pending()).isEqualTo(6);
  }

  @Test
  void waitingForAnotherLooksRarely() {
    Date inAMinute = Date.from(fixture.db().now().plusSeconds(60));
    Document leased = new Document("_id", GROUP.key()).append(Leases.UNTIL, inAMinute);
    fixture.db().counterSnapshots().insertOne(leased);
    AtomicInteger looks = new AtomicInteger();
    CommandListener listener =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            looks.addAndGet(event.getCommandName().equals("find") ? 1 : 0);
          }
        };
    try (Pulso pulso = fixture.another(listener)) {
      Recounter other = new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db()));
      // On a busy server, one look may take all the time.
      Eventually.isTrue(
          PATIENCE,
          () -> {
            looks.set(0);
            Deadline deadline = Deadline.in(Duration.ofSeconds(2));
            assertThat(other.recountSince(GROUP, pulso.db().now(), deadline)).isEmpty();
            return looks.get() > 1;
          });
    }
    assertThat(looks).hasValueLessThan(31);
  }

  private Lease<CounterSnapshot> lease() {
    return Eventually.answer(
            PATIENCE,
            () -> snapshots.lease(GROUP, Duration.ZERO, IndependentWrites.UNHURRIED),
            Optional::isPresent)
        .orElseThrow();
  }

  private boolean isRecounted(Duration interval) {
    return recounter.recountIfDue(GROUP, interval, soon, IndependentWrites.UNHURRIED);
  }

  private void store(Lease<CounterSnapshot> lease, long total) {
    JobCounts.Builder counts = new JobCounts.Builder();
    counts.add(Optional.of("acc-chile-001"), "pending", total);
    BatchCounters figures = new BatchCounters(fixture.db());
    figures.write(
        List.of(figures.store(lease, counts.build(), CallSums.NONE, Duration.ofSeconds(4))),
        FOR_WRITES);
    snapshots.store(
        List.of(lease), List.of(new Document(CounterSnapshot.TOTAL, total)), FOR_WRITES);
  }

  /** As if its holder had died long ago. */
  private void runOut(JobGroup group) {
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            Filters.eq("_id", group.key()),
            new Document("$set", new Document("lease_until", Date.from(Instant.EPOCH))));
  }
}
