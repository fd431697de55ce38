package dev.pulso.webhooks;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Another program locks a batch whose events wait, one of the first of many. */
@Order(2)
class LockedBatchEventsIT extends DeliveryWorld {
  private static final int BATCHES = 250;

  @Test
  void lockedBatchHoldsUpNoOther() {
    create("acc-chile-001", ALL);
    Date at = Date.from(fixture.db().now());
    List<Document> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(
          batch("b" + i).append("_id", i).append("pulso", new Document("events", events(i, at))));
    }
    fixture.db().batches().insertMany(batches);
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      fixture.db().batches().updateOne(somebody, new Document("_id", 0), set("theirs", 1));
      fixture.pulso().services().webhooks().fanOut().run(Deadline.in(Duration.ofSeconds(40)));
      somebody.abortTransaction();
    }
    assertThat(fixture.db().deliveries().countDocuments()).isEqualTo(BATCHES);
  }

  private static List<Document> events(int batch, Date at) {
    Document id = new Document("action", "batch.paused").append("batch", batch).append("at", at);
    return List.of(
        new Document("_id", id)
            .append("action", "batch.paused")
            .append("batch_id", "b" + batch)
            .append("account_id", "acc-chile-001")
            .append("at", at));
  }
}
