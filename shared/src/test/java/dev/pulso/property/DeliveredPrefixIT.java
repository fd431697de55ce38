package dev.pulso.property;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.property.Fate.Moment;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A process that counts a finished batch and delivers the event dies at each of its database calls.
 * Others continue. There is one event, and it arrives at least once, each time with the same id.
 */
class DeliveredPrefixIT {
  private final PulsoFixture fixture = PulsoFixture.open(Map.of("WEBHOOK_KEYS", "k".repeat(64)));
  private final ConcurrentLinkedQueue<String> arrived = new ConcurrentLinkedQueue<>();
  private final Transport transport =
      (url, headers, body) -> {
        arrived.add(headers.get("webhook-id"));
        return new Transport.Answer(200, Optional.empty(), Optional.empty());
      };

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyPrefixOfDeliveryIsTakenOver() {
    fixture
        .pulso()
        .services()
        .webhooks()
        .service()
        .create(
            Caller.ANONYMOUS,
            Optional.of("acc-chile-001"),
            "https://example.com/",
            List.of("batch.completed"),
            Origin.NONE);
    int call = 0;
    boolean isStruck = true;
    while (isStruck) {
      call++;
      isStruck = live("b-" + call, new Fate(call, Moment.AFTER));
    }
    assertThat(call).as("calls of a count and a delivery").isGreaterThan(10);
  }

  private boolean live(String batchId, Fate fate) {
    arrived.clear();
    fixture.batches(batch(batchId));
    fixture.jobs(List.of(job(batchId, "done")));
    MortalProcess process = new MortalProcess(fixture, fate);
    process.live(pulso -> countAndDeliver(pulso, batchId));
    // Its lease on the counters runs out.
    Document free = new Document("$unset", new Document("lease_until", ""));
    fixture.db().counterSnapshots().updateMany(new Document(), free);
    Document succeeded = about(batchId).append("status", "succeeded");
    for (int run = 0; run < 30 && fixture.db().deliveries().countDocuments(succeeded) == 0; run++) {
      // The attempt of the dead process counts as lost.
      fixture
          .db()
          .deliveries()
          .updateMany(
              new Document("status", "pending"),
              new Document("$set", new Document("next_at", Date.from(Instant.EPOCH))));
      countAndDeliver(fixture.pulso(), batchId);
    }
    List<Document> deliveries =
        fixture.db().deliveries().find(about(batchId)).into(new ArrayList<>());
    assertThat(deliveries).as("deliveries after death %s", fate).hasSize(1);
    assertThat(deliveries.getFirst().getString("status")).isEqualTo("succeeded");
    assertThat(arrived)
        .as("arrivals after death %s", fate)
        .isNotEmpty()
        .containsOnly(deliveries.getFirst().getString("_id"));
    return process.isStruck();
  }

  private static Document about(String batchId) {
    return new Document("body", new Document("$regex", "\"" + batchId + "\""));
  }

  private void countAndDeliver(Pulso pulso, String batchId) {
    Deadline soon = Deadline.in(Duration.ofSeconds(10));
    pulso.services().summary().summary(Accounts.ALL, new BatchAddress(batchId), soon);
    // Waits until a majority has the counters and the event, which is when others may read it.
    pulso.db().accounts().insertOne(new Document());
    pulso.services().webhooks().delivery().run(transport, Deadline.in(Duration.ofMillis(150)));
  }
}
