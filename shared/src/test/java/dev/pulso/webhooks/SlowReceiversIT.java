package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Slow receivers delay no other, even if they are more than there is room for. */
class SlowReceiversIT extends DeliveryWorld {
  private static final int SLOW = 150;
  private static final int QUICK = 50;

  /** The slow receivers answer only when all deliveries to the quick one have arrived. */
  @Test
  void manySlowReceiversDelayNoOther() throws InterruptedException {
    for (int i = 0; i < SLOW; i++) {
      Created slow = create("acc-slow-" + i / WebhookService.MOST, ALL);
      fill(slow.webhook().id(), 4, Instant.now().minusSeconds(60));
    }
    fill(create("acc-peru-001", ALL).webhook().id(), QUICK, Instant.now().minusSeconds(30));
    CountDownLatch arrived = new CountDownLatch(QUICK);
    CountDownLatch release = new CountDownLatch(1);
    Transport transport = untilReleased(release, arrived);
    DeliveryService delivery = fixture.pulso().services().webhooks().delivery();
    try (ExecutorService process = Executors.newVirtualThreadPerTaskExecutor()) {
      process.submit(() -> delivery.run(transport, Deadline.in(Duration.ofMinutes(3))));
      boolean isDone = arrived.await(3, TimeUnit.MINUTES);
      release.countDown();
      process.shutdownNow();
      assertThat(isDone).as("all deliveries to the quick receiver").isTrue();
    }
  }

  /** The slow receiver answers only when all of the other's deliveries have arrived. */
  @Test
  void slowReceiverDelaysNoOther() throws InterruptedException {
    Created slow = create("acc-chile-001", ALL);
    Created quick = create("acc-peru-001", ALL);
    fill(slow.webhook().id(), 2_000, Instant.now().minusSeconds(60));
    fill(quick.webhook().id(), 300, Instant.now().minusSeconds(30));
    CountDownLatch all = new CountDownLatch(300);
    CountDownLatch release = new CountDownLatch(1);
    Transport transport = untilReleased(release, all);
    DeliveryService delivery = fixture.pulso().services().webhooks().delivery();
    ExecutorService process = Executors.newVirtualThreadPerTaskExecutor();
    process.submit(() -> delivery.run(transport, Deadline.in(Duration.ofMinutes(3))));
    boolean isDone = all.await(3, TimeUnit.MINUTES);
    Document ofSlow = new Document("webhook_id", slow.webhook().id());
    long begun =
        fixture.db().deliveries().countDocuments(ofSlow.append("attempts", new Document("$gt", 0)));
    release.countDown();
    process.shutdownNow();
    process.close();
    assertThat(isDone).as("all deliveries to the quick receiver").isTrue();
    assertThat(begun).as("attempts that the slow receiver holds").isLessThanOrEqualTo(4);
  }

  /** Answers for the slow receivers once they are released, and counts what the quick one gets. */
  private static Transport untilReleased(CountDownLatch release, CountDownLatch quick) {
    return (url, headers, body) -> {
      if (url.endsWith("peru-001")) {
        quick.countDown();
      } else {
        Eventually.await(release);
      }
      return new Transport.Answer(200, Optional.empty(), Optional.empty());
    };
  }
}
