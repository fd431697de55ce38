package dev.pulso.overview;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.counting.AccountTotals;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The server refuses to write one batch: a validator does not accept it, or it is too large. */
class RefusedBatchIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void refusedBatchDoesNotHoldTimestamp() {
    fixture.batches(batch("refused"), batch("free"));
    Document others = new Document("batch_id", new Document("$ne", "refused"));
    fixture
        .db()
        .database()
        .runCommand(new Document("collMod", "batches").append("validator", others));
    fixture.jobs(jobs(2, "refused", "pending"));
    fixture.upkeepUntil(() -> overview().jobs().pending() == 2);
    Instant counted = fixture.db().now();
    fixture.jobs(jobs(1, "refused", "pending"));
    Document due = new Document("$set", new Document("count_cost_ms", 0));
    fixture.db().counterSnapshots().updateMany(new Document(), due);
    fixture.upkeepUntil(
        () -> {
          fixture.preventRefreshes();
          return overview().jobs().pending() == 3 && overview().takenAt().isAfter(counted);
        });
    assertThat(fixture.db().counterSnapshots().countDocuments(AccountTotals.open())).isZero();
  }

  private Overview overview() {
    return fixture.pulso().services().overview().overview(View.ALL, Deadline.in(LONG));
  }
}
