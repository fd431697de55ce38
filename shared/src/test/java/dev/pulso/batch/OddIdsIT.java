package dev.pulso.batch;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A batch_id that is an array matches none of its elements, though the database would match each.
 */
class OddIdsIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final List<String> BOTH = List.of("a", "b");

  private final PulsoFixture fixture = PulsoFixture.openBare();

  @BeforeEach
  void upload() {
    fixture.batches(
        batch("a").append("_id", "list").append("batch_id", BOTH).append("total_jobs", 7));
    fixture.batches(batch("a").append("_id", "a"));
    fixture.pulso().makeIndexes();
    fixture.jobs(jobs(3, "a", "pending"));
    fixture.jobs(jobs(2, "b", "pending"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void arrayBatchIdCountsOnceInOverviews() {
    fixture.pulso().runUpkeep(LONG);
    Overview overview = fixture.pulso().services().overview().overview(View.ALL, Deadline.in(LONG));
    assertThat(overview.batches().active()).isEqualTo(2);
    assertThat(overview.batches().totalJobs()).isEqualTo(7 + 3);
    assertThat(overview.jobs().pending()).isEqualTo(5);
  }

  @Test
  void arrayBatchIdIsNeverMatched() {
    Batches batches = new Batches(fixture.db());
    assertThat(batches.find(Accounts.ALL, new BatchAddress("a")).orElseThrow().id()).isEqualTo("a");
    assertThat(batches.find(Accounts.ALL, new BatchAddress("b"))).isEmpty();
  }

  @Test
  void cancelIgnoresArrayBatchId() {
    Document before = stored("list");
    fixture.cancel("a", null);
    assertThatThrownBy(() -> fixture.cancel("b", null)).isInstanceOf(BatchNotFoundException.class);
    assertThat(stored("a")).containsEntry("is_active", false);
    assertThat(stored("list")).isEqualTo(before);
  }

  private Document stored(String id) {
    return fixture.db().batches().find(new Document("_id", id)).first();
  }
}
