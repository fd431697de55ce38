package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Batches;
import dev.pulso.fixture.PulsoFixture;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecounterIT {
  private static final JobGroup GROUP = JobGroup.of("b");
  private static final Deadline SOON = Deadline.in(Duration.ofMinutes(2));

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final CounterStore snapshots = new CounterStore(fixture.db());
  private final Recounter recounter =
      new Recounter(fixture.db(), ZoneOffset.UTC, new JobIndexes(fixture.db()));

  @BeforeEach
  void upload() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(5, "b", "pending"));
  }

  @Test
  void olderCountersNeverReplaceNewerOnes() {
    Lease<CounterSnapshot> older =
        snapshots.lease(GROUP, Duration.ZERO, IndependentWrites.UNHURRIED).orElseThrow();
    runOut(GROUP);
    fixture.jobs(jobs(2, "b", "done"));
    assertThat(recounter.recountSince(GROUP, fixture.db().now(), SOON)).isPresent();
    Document figures = stored();
    Document snapshot = snapshot();
    store(older, 3);
    assertThat(stored()).isEqualTo(figures);
    assertThat(snapshot()).isEqualTo(snapshot);
    assertThat(counted().counters().total()).isEqualTo(7);
  }

  @Test
  void noteThatThereWasNoJobNeverReplacesNewerCounters() {
    Lease<CounterSnapshot> older =
        snapshots.lease(GROUP, Duration.ZERO, IndependentWrites.UNHURRIED).orElseThrow();
    runOut(GROUP);
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    BatchCounters figures = new BatchCounters(fixture.db());
    figures.write(List.of(figures.nothingToCount(older, Duration.ofSeconds(4))), PATIENCE);
    assertThat(counted().counters().total()).isEqualTo(5);
    assertThat(snapshot()).isNotNull();
  }

  @Test
  void leaseOfADeadHolderIsTakenOver() {
    snapshots.lease(GROUP, Duration.ZERO, IndependentWrites.UNHURRIED).orElseThrow();
    assertThat(recounter.recountIfDue(GROUP, Duration.ZERO, SOON, IndependentWrites.UNHURRIED))
        .isFalse();
    Deadline impatient = Deadline.in(Duration.ofMillis(100));
    assertThat(recounter.recountSince(GROUP, fixture.db().now(), impatient)).isEmpty();
    runOut(GROUP);
    assertThat(recounter.recountIfDue(GROUP, Duration.ZERO, SOON, IndependentWrites.UNHURRIED))
        .isTrue();
    assertThat(counted().counters().pending()).isEqualTo(5);
  }

  @Test
  void leaseRunsOutByItselfWithinAMinute() {
    snapshots.lease(GROUP, Duration.ZERO, IndependentWrites.UNHURRIED).orElseThrow();
    Instant now = fixture.db().now();
    assertThat(snapshot().getDate("lease_until").toInstant()).isBetween(now, now.plusSeconds(60));
  }

  @Test
  void restedGroupAloneIsRecounted() {
    assertThat(
            recounter.recountIfDue(GROUP, Duration.ofHours(1), SOON, IndependentWrites.UNHURRIED))
        .isTrue();
    assertThat(
            recounter.recountIfDue(GROUP, Duration.ofHours(1), SOON, IndependentWrites.UNHURRIED))
        .isFalse();
  }

  @Test
  void countersThatAreNewEnoughAreNotMadeAgain() {
    Instant before = fixture.db().now().minusMillis(1);
    recounter.recountSince(GROUP, before, SOON);
    Document snapshot = snapshot();
    assertThat(recounter.recountSince(GROUP, before, SOON)).isPresent();
    assertThat(snapshot()).isEqualTo(snapshot);
    fixture.jobs(jobs(1, "b", "pending"));
    assertThat(recounter.recountSince(GROUP, fixture.db().now(), SOON)).isPresent();
    assertThat(counted().counters().pending()).isEqualTo(6);
  }

  @Test
  void writesNothingOfTheBatchButItsCountersAndItsBookkeeping() {
    Document odd =
        new Document("total_cost", 99.9)
            .append("completed_jobs", 1_000)
            .append("estimated_cost", "much")
            .append("theirs", List.of(1, new Document("a", null)));
    fixture.db().batches().updateOne(Filters.eq("batch_id", "b"), new Document("$set", odd));
    Document before = stored();
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    Document after = stored();
    assertThat(after)
        .containsEntry("total_jobs", 5L)
        .containsEntry("completed_jobs", 0L)
        .containsEntry("total_cost", 0.0);
    before.append("completed_at", null);
    for (String own :
        List.of(
            "pulso",
            "total_jobs",
            "pending_jobs",
            "completed_jobs",
            "failed_jobs",
            "suspended_jobs",
            "total_cost",
            "total_minutes")) {
      before.remove(own);
      after.remove(own);
    }
    after.putIfAbsent("completed_at", null);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void manyGroupsAreCountedLikeEachAlone() {
    fixture.batches(batch("c"), batch("$d"));
    fixture.jobs(jobs(3, "c", "done"));
    fixture.jobs(List.of(job("$d", "failed").append("call_result", call(50, 90_000))));
    Set<JobGroup> groups = Set.of(GROUP, JobGroup.of("c"), JobGroup.of("$d"));
    assertThat(recounter.recountAll(groups, SOON)).isEqualTo(groups);
    assertThat(counted("b").counters().pending()).isEqualTo(5);
    assertThat(counted("c").counters().completed()).isEqualTo(3);
    assertThat(counted("$d").counters().cost()).isEqualByComparingTo("0.5");
    assertThat(counted("$d").counters().minutes()).isEqualByComparingTo("1.5");
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 1_200})
  void recountSeesWhatWasAcknowledgedBefore(int jobs) {
    fixture.jobs(jobs(jobs - 5, "b", "done"));
    for (int i = 1; i <= 50; i++) {
      fixture.db().jobs().withWriteConcern(WriteConcern.W1).insertOne(job("b", "pending"));
      assertThat(recounter.recountSince(GROUP, fixture.db().now(), SOON)).isPresent();
      assertThat(counted().counters().total()).isEqualTo(jobs + i);
    }
  }

  @Test
  void groupThatGrewIsCountedWhole() {
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    fixture.jobs(jobs(2 * SmallGroups.MOST_JOBS, "b", "done"));
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    assertThat(counted().counters().total()).isEqualTo(5 + 2 * SmallGroups.MOST_JOBS);
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
    try (Pulso pulso = fixture.another(client -> client.addCommandListener(listener))) {
      assertThat(
              new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db()))
                  .recountSince(GROUP, pulso.db().now(), Deadline.in(Duration.ofSeconds(2))))
          .isEmpty();
    }
    assertThat(looks).hasValueBetween(2, 30);
  }

  /** As a worker would find it, and a cancel does. */
  @Test
  void statusInAnArrayCounts() {
    fixture.jobs(
        List.of(
            new Document(job("b", "done")).append("status", List.of("pending")),
            new Document(job("b", "done")).append("status", List.of(7, "failed")),
            new Document(job("b", "done")).append("status", List.of("unheard of"))));
    for (int i = 0; i < 2; i++) {
      recounter.recountSince(GROUP, fixture.db().now(), SOON);
      assertThat(snapshot())
          .containsEntry("total", 8L)
          .containsEntry("pending", 6L)
          .containsEntry("failed", 1L);
    }
  }

  @Test
  void oneReadFindsWhatLargeCountsFind() {
    Document today = new Document("created_at", Date.from(fixture.db().now()));
    fixture.jobs(
        List.of(
            job("b", "done").append("account_id", "acc-peru-001").append("created_at", null),
            job("b", "failed").append("account_id", 7),
            job("b", "scheduled").append("account_id", List.of("acc-peru-001")),
            new Document(job("b", "done")).append("status", List.of("done")),
            new Document(job("b", "suspended")).append("created_at", today.get("created_at")),
            new Document(job("b", "in_progress")).append("batch_id", List.of("b", "c"))));
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    Document large = snapshot();
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    Document small = snapshot();
    for (String field : List.of("total", "pending", "completed", "failed", "accounts")) {
      assertThat(small.get(field)).as(field).isEqualTo(large.get(field));
    }
    assertThat(created(large)).isEqualTo(created(small)).hasSize(1);
  }

  @Test
  void everyStoredSnapshotWaitsForTheRefresh() {
    fold(7);
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    assertThat(snapshot()).containsEntry("open_seq", Long.MAX_VALUE);
    assertThat(snapshot().get("folded", Document.class)).containsEntry("seq", 7L);
  }

  @Test
  void foldedSnapshotOutlivesItsJobs() {
    recounter.recountSince(GROUP, fixture.db().now(), SOON);
    fold(8);
    fixture.db().jobs().deleteMany(new Document());
    assertThat(recounter.recountSince(GROUP, fixture.db().now(), SOON)).isPresent();
    assertThat(snapshot())
        .containsEntry("open_seq", Long.MAX_VALUE)
        .containsEntry("total", 0L)
        .containsEntry("accounts", List.of())
        .containsKey("folded");
  }

  /** Its jobs of today, by account. */
  private static List<Document> created(Document snapshot) {
    return snapshot.getList("days", Document.class).getFirst().getList("accounts", Document.class);
  }

  /** As the refresh does. */
  private void fold(long seq) {
    Document folded = new Document("seq", seq).append("values", List.of());
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            Filters.eq("_id", GROUP.key()),
            new Document("$set", new Document("open_seq", seq).append("folded", folded)),
            new UpdateOptions().upsert(true));
  }

  private void store(Lease<CounterSnapshot> lease, long total) {
    JobCounts.Builder counts = new JobCounts.Builder();
    counts.add(Optional.of("acc-chile-001"), "pending", total);
    BatchCounters figures = new BatchCounters(fixture.db());
    figures.write(
        List.of(figures.store(lease, counts.build(), CallSums.NONE, Duration.ofSeconds(4))),
        PATIENCE);
    snapshots.store(List.of(lease), List.of(new Document(CounterSnapshot.TOTAL, total)), PATIENCE);
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

  private Document snapshot() {
    return fixture.db().counterSnapshots().find(Filters.eq("_id", GROUP.key())).first();
  }

  private Document stored() {
    return fixture.db().batches().find(Filters.eq("batch_id", "b")).first();
  }

  private Batch counted() {
    return counted("b");
  }

  private Batch counted(String batchId) {
    return new Batches(fixture.db()).find(Accounts.ALL, new BatchAddress(batchId)).orElseThrow();
  }
}
