package dev.pulso.counting;

import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.overview.View;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A change of the primary set the server's clock back by an hour. On a busy server, some tries come
 * to nothing.
 */
class ClockSetBackIT extends RecounterWorld {
  private static final Document COUNTING = new Document("_id", "counting");
  private static final BatchAddress B = new BatchAddress("b");

  @BeforeEach
  void countAnHourAhead() {
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    Date at = Date.from(fixture.db().now().plus(Duration.ofHours(1)));
    Document batch = new Document("pulso.figures.taken_at", at).append("pulso.due_at", at);
    fixture.db().batches().updateMany(new Document(), new Document("$set", batch));
    Document snapshot = new Document("taken_at", at).append("sums_at", at);
    fixture.db().counterSnapshots().updateMany(new Document(), new Document("$set", snapshot));
    Document progress = new Document("checked_at", at);
    for (String field : List.of("looked_at", "as_of", "compared_at", "due_at")) {
      progress.append("looks.UTC." + field, at);
    }
    fixture.db().progress().updateMany(new Document(), new Document("$set", progress));
    fixture.jobs(jobs(1, "b", "pending"));
  }

  @Test
  void pollCounts() {
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () ->
            fixture.pulso().services().status().status(Accounts.ALL, B, soon).counters().total()
                == 6);
  }

  @Test
  void summaryCounts() {
    assertThat(
            fixture
                .pulso()
                .services()
                .summary()
                .summary(Accounts.ALL, B, soon)
                .counted()
                .counters()
                .total())
        .isEqualTo(6);
  }

  @Test
  void watchedPageCounts() {
    WatchedPage watched = new WatchedPage(recounter, Batch::isActive);
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          watched.recount(List.of(counted()), soon);
          return counted().counters().total() == 6;
        });
  }

  @Test
  void overviewCounts() {
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> fixture.pulso().services().overview().overview(View.ALL, soon).jobs().pending() == 6);
  }

  @Test
  void overviewIsNotOfTheFuture() {
    assertThat(fixture.pulso().services().overview().overview(View.ALL, soon).takenAt())
        .isBeforeOrEqualTo(fixture.db().now());
  }

  @Test
  void totalsAreChecked() {
    setProgress(Document.parse("{'totals.accounts.$[].pending': 9}"));
    Refresh refresh =
        new Refresh(fixture.db(), new JobIndexes(fixture.db()), recounter, ZoneOffset.UTC);
    assertThat(refresh.run(soon).orElseThrow().isRebuilt()).isTrue();
  }

  @Test
  void activeBatchesAreSummedAnew() {
    sumActive();
    setProgress(
        new Document("active.summed_at", Date.from(fixture.db().now().plus(Duration.ofHours(1)))));
    // Nothing but a look at all batches finds that.
    Document total = Document.parse("{$set: {'pulso.figures.total': {$numberLong: '9'}}}");
    fixture.db().batches().updateOne(new Document("batch_id", "b"), total);
    sumActive();
    Document sums = fixture.db().progress().find(COUNTING).first().get("active", Document.class);
    assertThat(sums.getList("accounts", Document.class))
        .singleElement()
        .satisfies(account -> assertThat(account).containsEntry("jobs", 9L));
  }

  private void sumActive() {
    RefreshProgress.Store progress = new RefreshProgress.Store(fixture.db(), ZoneOffset.UTC);
    Lease<RefreshProgress> lease = leased(progress);
    new ActiveSums(fixture.db(), 0).store(lease, soon);
    progress.release(lease, new IllegalStateException());
  }

  private void setProgress(Document fields) {
    fixture.db().progress().updateOne(COUNTING, new Document("$set", fields));
  }
}
