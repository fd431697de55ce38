package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.Test;

class DialersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void dialersFinishAllTheirCalls() {
    try (TestDatabase database = new TestDatabase();
        DemoData demo = database.demo(Clock.systemUTC())) {
      demo.load();
      Bson ended = in("status", "done", "completed", "failed");
      long before = database.collections.jobs().countDocuments(ended);
      List<String> paused = inactiveBatches(database);
      Bson waitingInPaused = and(in("batch_id", paused), eq("status", "pending"));
      long pausedBefore = database.collections.jobs().countDocuments(waitingInPaused);
      Dialers dialers = demo.startDialers();
      try {
        Eventually.isTrue(
            PATIENCE, () -> database.collections.jobs().countDocuments(ended) >= before + 5);
      } finally {
        dialers.close(PATIENCE);
      }
      assertThat(database.collections.jobs().countDocuments(eq("status", "in_progress"))).isZero();
      assertThat(database.collections.jobs().countDocuments(waitingInPaused))
          .isEqualTo(pausedBefore);
    }
  }

  private static List<String> inactiveBatches(TestDatabase database) {
    return database
        .collections
        .batches()
        .find(eq("is_active", false))
        .map((Document batch) -> batch.getString("batch_id"))
        .into(new ArrayList<>());
  }
}
