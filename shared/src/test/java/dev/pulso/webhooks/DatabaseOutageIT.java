package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database goes away during a run of deliveries, in two ways, and returns. */
@Order(2)
class DatabaseOutageIT extends DeliveryWorld {
  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void runGoesOnAfterOutage(boolean silent) throws IOException {
    Created created = create("acc-chile-001", ALL);
    pause();
    CountDownLatch posted = new CountDownLatch(1);
    try (Relay relay = Relay.toMongo();
        Pulso process = fixture.another(uri(relay), builder -> {})) {
      // The receiver has the delivery, and nobody can note that.
      Transport cutting =
          (url, headers, body) -> {
            receiver.post(url, headers, body);
            if (posted.getCount() > 0) {
              relay.cut(silent);
              posted.countDown();
            }
            return new Transport.Answer(204, Optional.empty(), Optional.empty());
          };
      DeliveryService delivery = process.services().webhooks().delivery();
      CompletableFuture<DeliveryReport> run =
          CompletableFuture.supplyAsync(
              () -> delivery.run(cutting, Deadline.in(Duration.ofMinutes(4))),
              Thread::startVirtualThread);
      Eventually.await(posted);
      assertThat(only(created).status()).isEqualTo("pending");
      // Longer than any operation waits for the server.
      long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
      Eventually.isTrue(Duration.ofSeconds(60), () -> System.nanoTime() - end > 0);
      relay.mend();
      Eventually.isTrue(
          Duration.ofMinutes(3),
          () -> {
            makeDue();
            return only(created).status().equals("succeeded");
          });
      assertThat(run).as("the run goes on").isNotCompletedExceptionally();
      assertThat(receiver.posts)
          .hasSizeGreaterThan(1)
          .extracting(ReceiverStub.Post::id)
          .containsOnly(only(created).id());
      webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA);
      assertThat(run.join().sent()).isPositive();
    }
  }

  @Test
  void runFailsIfDatabaseStaysAway() throws IOException {
    create("acc-chile-001", ALL);
    try (Relay relay = Relay.toMongo();
        Pulso process = fixture.another(uri(relay), builder -> {})) {
      DeliveryService delivery = process.services().webhooks().delivery();
      relay.cut(false);
      assertThatThrownBy(() -> delivery.run(receiver, Deadline.in(Duration.ofSeconds(6))))
          .isInstanceOf(MongoException.class);
    }
  }

  private static String uri(Relay relay) {
    return "mongodb://127.0.0.1:" + relay.port() + "/?directConnection=true";
  }
}
