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
import dev.pulso.time.TimedOutException;
import dev.pulso.webhooks.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
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
    create("acc-chile-001", "batch.completed");
    assertThat(callsUntilWhole("b-", this::live))
        .as("calls of a count and a delivery")
        .isGreaterThan(10);
  }

  /** The receiver fails at the last attempt: the delivery fails, and its webhook is disabled. */
  @Test
  void everyPrefixOfGivingUpIsTakenOver() {
    assertThat(callsUntilWhole("acc-", this::giveUp))
        .as("calls of a last attempt")
        .isGreaterThan(8);
  }

  /** Lets processes die after their first call, the second one, and so on, until one does not. */
  private static int callsUntilWhole(String prefix, BiFunction<String, Fate, End> trial) {
    int call = 1;
    for (int trials = 1; ; trials++) {
      switch (trial.apply(prefix + trials, new Fate(call, Moment.AFTER))) {
        case STRUCK -> call++;
        case TOO_SLOW -> {
          // On a busy machine: the same call again.
        }
        case WHOLE -> {
          return call;
        }
      }
    }
  }

  /** How a process ended. */
  private enum End {
    STRUCK,
    TOO_SLOW,
    WHOLE;

    static End of(MortalProcess process, boolean hasDelivered) {
      if (process.isStruck()) {
        return STRUCK;
      }
      return hasDelivered ? WHOLE : TOO_SLOW;
    }
  }

  private End giveUp(String account, Fate fate) {
    String webhook = create(account, "batch.completed");
    Document about = new Document("_id", "msg_" + account);
    Date past = Date.from(Instant.now().minusSeconds(60));
    fixture
        .db()
        .deliveries()
        .insertOne(
            new Document(about)
                .append("webhook_id", webhook)
                .append("type", "batch.completed")
                .append("body", "{}")
                .append("status", "pending")
                .append("attempts", 3)
                .append("created_at", past)
                .append("next_at", past)
                .append("give_up_at", past));
    Transport failing =
        (url, headers, body) -> new Transport.Answer(500, Optional.empty(), Optional.empty());
    MortalProcess process = new MortalProcess(fixture, fate);
    process.live(pulso -> deliver(pulso, failing));
    Document failed = new Document(about).append("status", "failed");
    End end = End.of(process, fixture.db().deliveries().countDocuments(failed) == 1);
    for (int run = 0; run < 30 && fixture.db().deliveries().countDocuments(failed) == 0; run++) {
      loseAttempts();
      deliver(fixture.pulso(), failing);
    }
    assertThat(fixture.db().deliveries().countDocuments(failed))
        .as("failed deliveries after death %s", fate)
        .isEqualTo(1);
    assertThat(fixture.db().webhooks().find(new Document("_id", webhook)).first())
        .as("webhook after death %s", fate)
        .containsKey("disabled_at")
        .extracting(stored -> stored.get("disabled_reason"))
        .asString()
        .contains("msg_" + account, "status_500");
    return end;
  }

  private String create(String account, String event) {
    return fixture
        .pulso()
        .services()
        .webhooks()
        .service()
        .create(
            Caller.ANONYMOUS,
            Optional.of(account),
            "https://example.com/",
            List.of(event),
            Origin.NONE)
        .webhook()
        .id();
  }

  /** The attempt of the dead process counts as lost. */
  private void loseAttempts() {
    Document lost = new Document("$set", new Document("next_at", Date.from(Instant.EPOCH)));
    fixture.db().deliveries().updateMany(new Document("status", "pending"), lost);
  }

  private static void deliver(Pulso pulso, Transport transport) {
    pulso.services().webhooks().delivery().run(transport, Deadline.in(Duration.ofMillis(400)));
  }

  private End live(String batchId, Fate fate) {
    arrived.clear();
    fixture.batches(batch(batchId));
    fixture.jobs(List.of(job(batchId, "done")));
    MortalProcess process = new MortalProcess(fixture, fate);
    process.live(pulso -> countAndDeliver(pulso, batchId));
    Document succeeded = about(batchId).append("status", "succeeded");
    End end = End.of(process, fixture.db().deliveries().countDocuments(succeeded) == 1);
    // Its lease on the counters runs out.
    Document free = new Document("$unset", new Document("lease_until", ""));
    fixture.db().counterSnapshots().updateMany(new Document(), free);
    for (int run = 0; run < 30 && fixture.db().deliveries().countDocuments(succeeded) == 0; run++) {
      loseAttempts();
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
    return end;
  }

  private static Document about(String batchId) {
    return new Document("body", new Document("$regex", "\"" + batchId + "\""));
  }

  private void countAndDeliver(Pulso pulso, String batchId) {
    Deadline soon = Deadline.in(Duration.ofSeconds(10));
    try {
      pulso.services().summary().summary(Accounts.ALL, new BatchAddress(batchId), soon);
    } catch (TimedOutException busy) {
      // On a busy server a lease may land after its caller gave up, and keep all others out then.
      return;
    }
    // Waits until a majority has the counters and the event, which is when others may read it.
    pulso.db().accounts().insertOne(new Document());
    deliver(pulso, transport);
  }
}
