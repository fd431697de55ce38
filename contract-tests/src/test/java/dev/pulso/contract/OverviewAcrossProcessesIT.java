package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
import dev.pulso.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes by one process show in the cached overviews of another, without a Redis. */
class OverviewAcrossProcessesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CHILE = "acc-chile-001";

  /** Cached for longer than any test takes. */
  private final ContractDatabase database =
      ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "600"));

  private final Pulso another = database.another();
  private final Api dashboard = database.api();
  private final Api operator = new Api(another);

  @BeforeEach
  void fill() {
    database.batch(batch("b"));
    database.batch(batch("other").append("account_id", "other"));
    database.jobs(jobs(3, "b", "pending"));
    shows(dashboard.completeOverview(), 2, 3);
    shows(dashboard.overview(CHILE), 1, 3);
    shows(dashboard.overview("other"), 1, 0);
  }

  @AfterEach
  void close() {
    another.close();
    database.close();
  }

  @Test
  void cancelShowsInBatchesAndJobs() {
    database.batch(batch("unseen").append("account_id", "other"));
    operator.cancel("b").ok();
    shows(dashboard.overview(), 2, 0);
    shows(dashboard.overview(CHILE), 0, 0);
    shows(dashboard.overview("other"), 1, 0);
  }

  @Test
  void pauseAndResumeShow() {
    operator.pause("b").ok();
    shows(dashboard.overview(), 1, 3);
    shows(dashboard.overview(CHILE), 0, 3);
    operator.resume("b").ok();
    shows(dashboard.overview(), 2, 3);
    shows(dashboard.overview(CHILE), 1, 3);
  }

  @Test
  void cancelShowsToAccountsOfJobs() {
    database.jobs(job("b", "pending").append("account_id", "guest"));
    operator.summary("b").ok();
    shows(dashboard.overview("guest"), 0, 1);
    operator.cancel("b").ok();
    shows(dashboard.overview("guest"), 0, 0);
  }

  @Test
  void repeatedCancelShowsItsLateReturns() {
    operator.cancel("b").ok();
    actedLongAgo();
    database.jobs(jobs(2, "b", "pending"));
    operator.summary("b").ok();
    try (Pulso third = database.another()) {
      Api late = new Api(third);
      shows(late.overview(CHILE), 0, 2);
      operator.cancel("b").ok();
      shows(late.overview(CHILE), 0, 0);
    }
  }

  @Test
  void cancelInProgressShowsCountedJobs() {
    assertThat(cancel(Deadline.in(Duration.ZERO)))
        .isInstanceOf(CancelOutcome.StillCancelling.class);
    actedLongAgo();
    shows(dashboard.overview(), 1, 3);
    shows(dashboard.overview(CHILE), 0, 3);
    Eventually.isTrue(SOON, () -> another.runUpkeep(Duration.ofSeconds(20)).cancelsFinished() == 1);
    shows(dashboard.overview(), 1, 0);
    shows(dashboard.overview(CHILE), 0, 0);
  }

  /** A command stores the time of its beginning. */
  @Test
  void changeAfterLockWaitShows() {
    // On a busy machine, the lock may be held for longer than a pause waits.
    Eventually.isTrue(SOON, this::isPausedAfterLockWait);
  }

  /** Returns whether a pause waited for a lock, which was free in time; it must show then. */
  private boolean isPausedAfterLockWait() throws Exception {
    database.changeBatch("b", set("is_active", true));
    try (ClientSession somebody = database.db().client().startSession();
        Pulso third = database.another();
        Relay relay = Relay.toMongo();
        Pulso hurried = database.another(relay.port(), new Looks(() -> {}))) {
      Api late = new Api(third);
      shows(late.overview("other"), 1, 0);
      noRefreshIsDue();
      somebody.startTransaction();
      database.db().batches().updateOne(somebody, new Document("batch_id", "b"), set("note", 1));
      Api pausing = new Api(hurried);
      CompletableFuture<Reply> pause = CompletableFuture.supplyAsync(() -> pausing.pause("b"));
      while (!isWaiting("findAndModify")) {
        if (pause.isDone()) {
          return false;
        }
      }
      shows(late.overview(CHILE), 1, 3);
      somebody.abortTransaction();
      if (pause.join().status() != 200) {
        return false;
      }
      shows(late.overview(CHILE), 0, 3);
      return true;
    }
  }

  @Test
  void outageServesStaleOverviewWithWarning() throws IOException {
    try (Relay relay = Relay.toMongo();
        Pulso pulso = database.another(relay.port(), new Looks(() -> {}))) {
      Api api = new Api(pulso);
      Reply good = api.completeOverview().ok();
      assertThat(api.overview().ok().headers()).doesNotContainKey("Warning");
      for (boolean silently : List.of(true, false)) {
        relay.cut(silently);
        Reply kept = api.overviewWithQuery("").ok();
        assertThat(kept.body()).isEqualTo(good.body());
        assertThat(kept.headers())
            .containsEntry("Warning", "110 - \"Response is Stale\"")
            .containsEntry("Cache-Control", "private, max-age=0");
      }
      operator.cancel("b").ok();
      relay.mend();
      shows(api.overview(), 1, 0);
    }
  }

  private CancelOutcome cancel(Deadline deadline) {
    return another
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b"), Optional.empty(), Origin.NONE, deadline);
  }

  /** Prevents a refresh, which would also wait for the transaction. */
  private void noRefreshIsDue() {
    Date later = Date.from(Instant.now().plusSeconds(3_600));
    database
        .db()
        .progress()
        .updateOne(new Document("_id", "counting"), set("looks.UTC.due_at", later));
  }

  /** Makes earlier changes old enough to no longer invalidate the cache. */
  private void actedLongAgo() {
    database.changeBatch("b", set("pulso.acted_at", Date.from(Builders.LONG_AGO)));
  }

  private boolean isWaiting(String command) {
    String collection = database.db().batches().getNamespace().getFullName();
    return database
            .db()
            .client()
            .getDatabase("admin")
            .aggregate(
                List.of(
                    new Document("$currentOp", new Document()),
                    Aggregates.match(
                        Filters.and(
                            Filters.eq("ns", collection),
                            Filters.exists("command." + command),
                            Filters.gt("writeConflicts", 0)))))
            .first()
        != null;
  }

  private static void shows(Reply overview, long activeBatches, long pendingJobs) {
    overview.ok();
    assertThat(overview.count("metrics.active_batches")).isEqualTo(activeBatches);
    assertThat(overview.count("detailed_stats.batches.active_count")).isEqualTo(activeBatches);
    assertThat(overview.count("metrics.pending_jobs")).isEqualTo(pendingJobs);
  }
}
