package dev.pulso.counting;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Another program locks a batch of a watched page. */
class LockedPageIT extends WatchedPageWorld {
  @Test
  void lockedBatchKeepsNoOtherBack() {
    countedBefore(Duration.ofMinutes(1));
    whileLocked(id(7), () -> assertFreshSoon(Set.of(id(7))));
  }

  @Test
  void batchLeftBehindIsRecountedApart() {
    countedBefore(Duration.ofSeconds(6));
    fixture
        .db()
        .batches()
        .updateOne(
            Filters.eq("batch_id", id(7)),
            Updates.set("pulso.figures.taken_at", Date.from(LONG_AGO)));
    whileLocked(
        id(7),
        () -> {
          assertFreshSoon(Set.of(id(7)));
          Eventually.isTrue(
              Duration.ofSeconds(20),
              () -> {
                recount();
                return writes.contains(Set.of(id(7)));
              });
          assertThat(writes).noneMatch(ids -> ids.size() > 1 && ids.contains(id(7)));
        });
  }

  private void whileLocked(String batchId, Runnable task) {
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      fixture
          .db()
          .batches()
          .updateOne(somebody, Filters.eq("batch_id", batchId), Updates.set("theirs", 1));
      task.run();
      somebody.abortTransaction();
    }
  }
}
