package dev.pulso.overview;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What overviews show between two upkeep runs. */
class RefreshIT {
  private static final int BATCHES = 300;
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofSeconds(20);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void cancelShowsAtOnce() {
    fill();
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b7"), Optional.empty(), Origin.NONE, soon());
    assertThat(overview(View.ALL).jobs().pending()).isEqualTo(2 * BATCHES - 2);
    assertThat(overview(View.ALL).batches().active()).isEqualTo(BATCHES - 1);
    assertThat(overview(of("acc-1")).jobs().pending()).isEqualTo(BATCHES - 2);
    assertThat(overview(of("acc-0")).jobs().pending()).isEqualTo(BATCHES);
    fixture.upkeepUntil(() -> open() == 0);
    assertThat(overview(View.ALL).jobs().pending()).isEqualTo(2 * BATCHES - 2);
  }

  @Test
  void pauseAndResumeShowAtOnce() {
    fill();
    fixture.pause("b7");
    assertThat(overview(of("acc-1")).batches().active()).isEqualTo(BATCHES / 2 - 1);
    fixture.resume("b7");
    assertThat(overview(of("acc-1")).batches().active()).isEqualTo(BATCHES / 2);
    assertThat(overview(View.ALL).jobs().pending()).isEqualTo(2 * BATCHES);
  }

  @Test
  void changeAmongManyBatchesShowsAtOnce() {
    int many = 2_100;
    List<Document> batches = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      batches.add(batch("b" + i).append("account_id", "acc-" + i % 2).append("total_jobs", 2));
    }
    unhurried(fixture.db().batches()).insertMany(batches);
    Document summed = new Document("active.accounts.n", many / 2);
    fixture.upkeepUntil(() -> fixture.db().progress().countDocuments(summed) == 1);
    fixture.preventRefreshes();
    fixture.pause("b7");
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b8"), Optional.empty(), Origin.NONE, soon());
    assertThat(overview(View.ALL).batches().active()).isEqualTo(many - 2);
    assertThat(overview(of("acc-1")).batches().totalJobs()).isEqualTo(many - 2);
    fixture.resume("b7");
    assertThat(overview(of("acc-1")).batches().active()).isEqualTo(many / 2);
  }

  @Test
  void timestampStaysBeforeUncountedGroups() {
    fixture.batches(batch("locked"), batch("free"));
    fixture.jobs(jobs(2, "locked", "pending"));
    fixture.jobs(jobs(2, "free", "pending"));
    count();
    Instant counted = fixture.db().now();
    try (ClientSession dead = fixture.db().client().startSession()) {
      dead.startTransaction();
      fixture
          .db()
          .counterSnapshots()
          .updateOne(
              dead, new Document("_id.batch_id", "locked"), Document.parse("{$set: {theirs: 1}}"));
      Document now = new Document("updated_at", new Date()).append("status", "done");
      fixture.db().jobs().updateMany(new Document(), new Document("$set", now));
      fixture.pulso().runUpkeep(LONG);
      fixture.preventRefreshes();
      assertThat(overview(View.ALL).takenAt()).isBefore(counted);
      dead.abortTransaction();
    }
    // A lease that was taken on the locked snapshot may land late, for nobody, and has to run out.
    fixture.upkeepUntil(() -> overview(View.ALL).jobs().completed() == 4);
    assertThat(overview(View.ALL).takenAt()).isAfter(counted);
  }

  @Test
  void timestampStaysBeforeUncountedSingleCalls() {
    fixture.batches(batch("locked"), batch("free"));
    fixture.jobs(jobs(2, "locked", "pending"));
    count();
    Instant counted = fixture.db().now();
    try (ClientSession others = fixture.db().client().startSession()) {
      others.startTransaction();
      fixture
          .db()
          .batches()
          .updateOne(
              others, new Document("batch_id", "locked"), Document.parse("{$set: {theirs: 1}}"));
      fixture.jobs(jobs(2, "locked", "pending"));
      fixture.pulso().runUpkeep(LONG);
      asIfModifiedLongAgo();
      fixture.pulso().runUpkeep(LONG);
      fixture.preventRefreshes();
      assertThat(overview(View.ALL).batches().totalJobs()).isEqualTo(2);
      assertThat(overview(View.ALL).takenAt()).isBefore(counted);
      others.abortTransaction();
    }
    fixture.upkeepUntil(() -> overview(View.ALL).batches().totalJobs() == 4);
    assertThat(overview(View.ALL).takenAt()).isAfter(counted);
  }

  /** Makes timestamps so old that no refresh finds these changes by them. */
  private void asIfModifiedLongAgo() {
    Document stamp = new Document("updated_at", Date.from(Instant.EPOCH));
    stamp.append("created_at", Date.from(Instant.EPOCH));
    fixture.db().jobs().updateMany(new Document(), new Document("$set", stamp));
  }

  @Test
  void totalsOfOlderVersionAreRebuilt() {
    fill();
    fixture.db().progress().deleteMany(new Document("_id", "counting"));
    fixture
        .db()
        .counterSnapshots()
        .updateMany(new Document(), Document.parse("{$unset: {open_seq: 1, folded: 1, days: 1}}"));
    assertThat(overview(View.ALL).jobs().pending()).isEqualTo(2 * BATCHES);
    assertThat(open()).isZero();
  }

  @Test
  void wrongTotalsAreReplaced() {
    fill();
    fixture
        .db()
        .progress()
        .updateMany(
            new Document("_id", "counting"),
            Document.parse("{$set: {'totals.accounts.$[].pending': 5, checked_at: {$date: 0}}}"));
    fixture.upkeepUntil(() -> overview(View.ALL).jobs().pending() == 2 * BATCHES);
  }

  @Test
  void countersLostInCrashAreRewritten() {
    fill();
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            new Document("_id.batch_id", "b3"),
            new Document("$set", new Document("open_seq", Long.MAX_VALUE)));
    fixture
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", "b3"),
            Document.parse("{$unset: {pulso: 1}, $set: {total_jobs: 0}}"));
    fixture.pulso().runUpkeep(LONG);
    // On a busy server, what a run writes may land late.
    Eventually.isTrue(SOON, () -> fixture.stored("b3").get("total_jobs").equals(2L));
  }

  /** The walk over the oldest groups does not see them: they were counted just now. */
  @Test
  void largeChangedBatchIsNotOneOfFew() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(2, "b", "pending"));
    count();
    assertThat(costMs()).isZero();
    Document large =
        Document.parse(
            "{$set: {total: 100000, sums_behind: true, count_cost_ms: 0, sums_cost_ms: 0}}");
    fixture.db().counterSnapshots().updateOne(new Document("_id.batch_id", "b"), large);
    fixture.pulso().runUpkeep(LONG);
    assertThat(costMs()).isPositive();
  }

  private long costMs() {
    Document counting = fixture.db().progress().find(new Document("_id", "counting")).first();
    Document looks = counting.get("looks", Document.class);
    return looks.get("UTC", Document.class).getLong("cost_ms");
  }

  /** Inserts two jobs per batch, and lets upkeep count them. */
  private void fill() {
    List<Document> batches = new ArrayList<>();
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      String account = "acc-" + i % 2;
      batches.add(batch("b" + i).append("account_id", account));
      for (int j = 0; j < 2; j++) {
        jobs.add(job("b" + i, "pending").append("account_id", account));
      }
    }
    unhurried(fixture.db().batches()).insertMany(batches);
    fixture.jobs(jobs);
    count();
    fixture.preventRefreshes();
  }

  /** On a busy machine, a run may leave groups to the next one. */
  private void count() {
    Document complete = new Document("complete", true);
    fixture.upkeepUntil(() -> fixture.db().progress().countDocuments(complete) == 1 && open() == 0);
  }

  private long open() {
    return fixture.db().counterSnapshots().countDocuments(new Document("open_seq", Long.MAX_VALUE));
  }

  private Overview overview(View view) {
    return fixture.pulso().services().overview().overview(view, soon());
  }

  private static View of(String account) {
    return View.of(Caller.ANONYMOUS, Optional.of(account));
  }

  private static Deadline soon() {
    return Deadline.in(SOON);
  }
}
