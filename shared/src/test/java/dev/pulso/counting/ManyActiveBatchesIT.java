package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More active batches than a function's memory should hold at once. */
class ManyActiveBatchesIT {
  private static final int BATCHES = 5_200;
  private static final int MOST_ROWS = 5_000;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final PulsoFixture fixture = PulsoFixture.open();
  private final AtomicInteger most = new AtomicInteger();
  private final Pulso pulso = fixture.another(new Rows());

  private final class Rows implements CommandListener {
    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
      BsonDocument cursor = event.getResponse().getDocument("cursor", new BsonDocument());
      cursor.values().stream()
          .filter(value -> value.isArray())
          .forEach(rows -> most.accumulateAndGet(rows.asArray().size(), Math::max));
    }
  }

  @BeforeEach
  void insert() {
    fixture.batches(
        IntStream.range(0, BATCHES)
            .mapToObj(i -> batch("b" + i).append("is_active", true).append("total_jobs", 1))
            .toArray(Document[]::new));
  }

  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  @Test
  void noReplyHoldsAllOfThem() {
    assertThat(batches().totalJobs()).isEqualTo(BATCHES);
    set(2);
    pulso.runUpkeep(LONG);
    assertThat(batches().totalJobs()).isEqualTo(2 * BATCHES);
    assertThat(most.get()).isBetween(BATCHES - MOST_ROWS, MOST_ROWS);
  }

  private Overview.Batches batches() {
    return pulso.services().overview().overview(View.ALL, Deadline.in(LONG)).batches();
  }

  private void set(int jobs) {
    unhurried(fixture.db().batches())
        .updateMany(new Document(), new Document("$set", new Document("total_jobs", jobs)));
  }
}
