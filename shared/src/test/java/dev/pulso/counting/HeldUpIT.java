package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Counters;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Recounts;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction of somebody holds a document that a recount would write. */
class HeldUpIT {
  private static final int MANY = 60;
  private static final Duration AT_ONCE = Duration.ofMillis(300);
  private static final Document DIALED = Document.parse("{$set: {dialer: 1}}");

  private final PulsoFixture fixture = PulsoFixture.open();
  private final Recounts recounts = new Recounts(fixture.db());
  private final ClientSession somebody = fixture.db().client().startSession();

  @AfterEach
  void close() {
    somebody.close();
    fixture.close();
  }

  @Test
  void pollIsAnsweredWhileItsBatchIsHeld() {
    upload("b");
    awaitCounters();
    somebody.startTransaction();
    hold(fixture.db().batches(), Filters.eq("batch_id", "b"));
    assertAnsweredAtOnce();
    somebody.abortTransaction();
    makeDue();
    assertCounts("b");
  }

  @Test
  void pollIsAnsweredWhileItsSnapshotIsHeld() {
    upload("b");
    awaitCounters();
    somebody.startTransaction();
    hold(fixture.db().counterSnapshots(), new Document());
    assertAnsweredAtOnce();
    somebody.abortTransaction();
    makeDue();
    assertCounts("b");
  }

  @Test
  void firstPollIsAnsweredWhileItsBatchIsHeld() {
    upload("b");
    poll("b");
    upload("c");
    somebody.startTransaction();
    hold(fixture.db().batches(), Filters.eq("batch_id", "c"));
    Duration quickest = quickest("c");
    somebody.abortTransaction();
    assertThat(quickest).isLessThan(AT_ONCE);
    assertThat(poll("c").total()).isEqualTo(3);
  }

  @Test
  void overviewIsAnsweredWhileItsProgressIsHeld() {
    upload("b");
    fixture.upkeepUntil(() -> pending() == 3);
    somebody.startTransaction();
    hold(fixture.db().progress(), RefreshProgress.COUNTING);
    assertThat(pending()).isEqualTo(3);
  }

  private long pending() {
    Deadline soon = Deadline.in(Duration.ofSeconds(20));
    return fixture.pulso().services().overview().overview(View.ALL, soon).jobs().pending();
  }

  @Test
  void slowServerIsNotTakenForLock() {
    upload("b");
    CommandListener slow =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            String sent = event.getCommand().toString();
            boolean isCount = sent.startsWith("{\"find\": \"jobs\"");
            boolean isOfBatch = sent.startsWith("{\"update\": \"batches\"");
            long pause = isCount ? 900 : isOfBatch ? 300 : 0;
            LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
          }
        };
    // A write that comes too late nevertheless is not done once the process has ended.
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          try (Pulso pulso = fixture.another(slow)) {
            poll(pulso, "b");
          }
          return fixture.db().batches().countDocuments(new Document("total_jobs", 3L)) == 1;
        });
  }

  @Test
  void heldBatchAloneIsNotStored() {
    Set<JobGroup> groups = upload(MANY);
    somebody.startTransaction();
    hold(fixture.db().batches(), Filters.eq("batch_id", "b-7"));
    recounts.recountAll(groups, allBut(groups, "b-7"));
    for (Document batch : fixture.db().batches().find()) {
      boolean isHeld = batch.getString("batch_id").equals("b-7");
      assertThat(batch.get("total_jobs")).isEqualTo(isHeld ? null : 3L);
    }
    somebody.abortTransaction();
    assertLands("b-7");
  }

  @Test
  void heldSnapshotAloneIsNotStored() {
    Set<JobGroup> groups = upload(MANY);
    recounts.recountAll(groups);
    fixture.jobs(jobs(1, "b-9", "pending"));
    fixture
        .db()
        .counterSnapshots()
        .updateMany(new Document(), Document.parse("{$set: {count_cost_ms: 0}}"));
    somebody.startTransaction();
    hold(fixture.db().counterSnapshots(), Filters.eq("_id", JobGroup.of("b-7").key()));
    recounts.recountAll(groups, allBut(groups, "b-7"));
    somebody.abortTransaction();
    assertCounts("b-9");
  }

  private Set<JobGroup> upload(int many) {
    Set<JobGroup> groups = new HashSet<>();
    for (int i = 0; i < many; i++) {
      upload("b-" + i);
      groups.add(JobGroup.of("b-" + i));
    }
    return groups;
  }

  private static Set<JobGroup> allBut(Set<JobGroup> groups, String id) {
    Set<JobGroup> others = new HashSet<>(groups);
    others.remove(JobGroup.of(id));
    return others;
  }

  /** A write that nobody waited for is done once it can be. */
  private void assertLands(String id) {
    Document which = new Document("batch_id", id).append("total_jobs", 3L);
    Eventually.isTrue(
        Duration.ofSeconds(20), () -> fixture.db().batches().countDocuments(which) > 0);
  }

  private void awaitCounters() {
    Document counted = new Document("pulso.due_at", new Document("$exists", true));
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          poll("b");
          return fixture.db().batches().countDocuments(counted) == 1;
        });
  }

  /** A poll does not wait for a lease or write that is slow. */
  private void assertCounts(String id) {
    Eventually.isTrue(Duration.ofSeconds(20), () -> poll(id).total() == 4);
  }

  /** By figures from before a change that nobody can store yet. */
  private void assertAnsweredAtOnce() {
    fixture.jobs(jobs(1, "b", "pending"));
    for (int i = 0; i < 3; i++) {
      assertThat(quickest("b")).isLessThan(AT_ONCE);
    }
  }

  /** Of three or more, because the machine may have other things to do for a while. */
  private Duration quickest(String id) {
    Deadline patience = Deadline.in(Duration.ofSeconds(60));
    Duration quickest = Duration.ofDays(1);
    for (int i = 0; i < 3 || (quickest.compareTo(AT_ONCE) >= 0 && !patience.passed()); i++) {
      long start = System.nanoTime();
      long total = poll(id).total();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(total).isEqualTo(3);
      quickest = took.compareTo(quickest) < 0 ? took : quickest;
    }
    return quickest;
  }

  private void upload(String id) {
    fixture.batches(batch(id));
    fixture.jobs(jobs(3, id, "pending"));
  }

  private Counters poll(String id) {
    return poll(fixture.pulso(), id);
  }

  private static Counters poll(Pulso pulso, String id) {
    return PulsoFixture.poll(pulso, id).counters();
  }

  private void hold(MongoCollection<Document> collection, org.bson.conversions.Bson which) {
    makeDue();
    collection.updateOne(somebody, which, DIALED);
  }

  private void makeDue() {
    fixture
        .db()
        .batches()
        .updateMany(new Document("pulso.due_at", new Document("$exists", true)), DUE);
    fixture.db().counterSnapshots().updateMany(new Document(), RESTED);
  }

  private static final Document DUE = Document.parse("{$set: {'pulso.due_at': {$date: 0}}}");
  private static final Document RESTED =
      Document.parse("{$set: {taken_at: {$date: 0}}, $unset: {lease_until: 1}}");
}
