package dev.pulso.counting;

import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.overview.View;
import java.time.Duration;
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
  private static final BatchAddress B = new BatchAddress("b");

  @BeforeEach
  void countAnHourAhead() {
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    Date at = Date.from(fixture.db().now().plus(Duration.ofHours(1)));
    Document batch = new Document("pulso.figures.taken_at", at).append("pulso.due_at", at);
    fixture.db().batches().updateMany(new Document(), new Document("$set", batch));
    Document snapshot = new Document("taken_at", at).append("sums_at", at);
    fixture.db().counterSnapshots().updateMany(new Document(), new Document("$set", snapshot));
    Document progress = new Document();
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
    Eventually.isTrue(Duration.ofSeconds(20), () -> watched.recount(List.of(counted()), soon));
    assertThat(counted().counters().total()).isEqualTo(6);
  }

  @Test
  void overviewCounts() {
    assertThat(fixture.pulso().services().overview().overview(View.ALL, soon).jobs().pending())
        .isEqualTo(6);
  }

  @Test
  void overviewIsNotOfTheFuture() {
    assertThat(fixture.pulso().services().overview().overview(View.ALL, soon).takenAt())
        .isBeforeOrEqualTo(fixture.db().now());
  }
}
