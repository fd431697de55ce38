package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More slow receivers than there is room for delay no other. */
class ManySlowReceiversIT extends DeliveryWorld {
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
    Transport transport =
        (url, headers, body) -> {
          if (url.endsWith("peru-001")) {
            arrived.countDown();
          } else {
            await(release);
          }
          return new Transport.Answer(200, Optional.empty(), Optional.empty());
        };
    DeliveryService delivery = fixture.pulso().services().webhooks().delivery();
    try (ExecutorService process = Executors.newVirtualThreadPerTaskExecutor()) {
      process.submit(() -> delivery.run(transport, Deadline.in(Duration.ofMinutes(3))));
      boolean isDone = arrived.await(3, TimeUnit.MINUTES);
      release.countDown();
      process.shutdownNow();
      assertThat(isDone).as("all deliveries to the quick receiver").isTrue();
    }
  }
}
