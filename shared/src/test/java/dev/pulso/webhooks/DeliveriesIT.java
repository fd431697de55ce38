package dev.pulso.webhooks;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events: deliveries, attempts, retries. */
@Order(2)
class DeliveriesIT extends DeliveryWorld {
  @Test
  void eventArrivesSigned() {
    Created created = create("acc-chile-001", ALL);
    pause();
    deliver();
    ReceiverStub.Post post = receiver.posts.getFirst();
    assertThat(post.url()).isEqualTo("https://example.com/acc-chile-001");
    assertThat(post.body())
        .startsWith("{\"type\":\"batch.paused\",\"timestamp\":\"")
        .endsWith("Z\",\"data\":{\"batch_id\":\"b\",\"account_id\":\"acc-chile-001\"}}");
    assertThat(post.headers()).containsEntry("content-type", "application/json");
    assertThat(post.headers().get("webhook-signature")).matches("v1,[A-Za-z0-9+/]{43}=");
    Delivery delivery = only(created);
    assertThat(delivery.status()).isEqualTo("succeeded");
    assertThat(delivery.responseStatus()).contains(204);
    assertThat(delivery.id()).isEqualTo(post.id());
    assertThat(delivery.nextAt()).isEmpty();
  }

  /** A new primary's clock may be behind that of the one before. */
  @Test
  void webhookFromTheFutureGetsEvents() {
    Created created = create("acc-chile-001", ALL);
    Date later = Date.from(fixture.db().now().plus(Duration.ofHours(1)));
    fixture.db().webhooks().updateMany(new Document(), set("created_at", later));
    pause();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
  }

  @Test
  void webhookGetsOnlyWhatItWants() {
    create("acc-chile-001", List.of("batch.resumed"));
    create("acc-peru-001", ALL);
    pause();
    create("acc-chile-001", ALL);
    deliver();
    assertThat(receiver.posts).isEmpty();
  }

  /** Another program damaged the events of a batch: no time, another type, no event, no array. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{_id: {action: 'x'}, account_id: 'acc-chile-001', action: 'batch.paused'}]",
        "[{_id: 'x', account_id: 'acc-chile-001', action: 7, at: {$date: 0}}]",
        "['x', {_id: null, account_id: 'acc-chile-001', action: 'batch.paused', at: 1}]",
        "{_id: 'x'}"
      })
  void damagedEventsStopNoOther(String events) {
    create("acc-chile-001", ALL);
    Document pulso = Document.parse("{events: " + events + "}");
    fixture.batches(batch("damaged").append("pulso", pulso));
    pause();
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          runOnce(fixture.pulso());
          return !receiver.posts.isEmpty();
        });
    assertThat(receiver.posts).hasSize(1);
  }

  @Test
  void retryKeepsIdAndBodyAndRenewsTimestamp() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 500;
    pause();
    deliver();
    Delivery failed = only(created);
    assertThat(failed.status()).isEqualTo("pending");
    assertThat(failed.error()).contains("status_500");
    assertThat(Duration.between(failed.lastAt().orElseThrow(), failed.nextAt().orElseThrow()))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    receiver.status = 200;
    makeDue();
    deliver();
    assertThat(receiver.posts).hasSize(2);
    assertThat(receiver.posts).extracting(ReceiverStub.Post::id).containsOnly(failed.id());
    assertThat(receiver.posts)
        .extracting(ReceiverStub.Post::body)
        .containsOnly(receiver.posts.getFirst().body());
    assertThat(only(created).attempts()).isEqualTo(2);
  }

  @Test
  void unexpectedExceptionEndsAttempt() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = ReceiverStub.BROKEN;
    pause();
    deliver();
    Delivery failed = only(created);
    assertThat(failed.error()).contains("internal_error");
    assertThat(failed.attempts()).isOne();
    webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA);
    deliver();
    assertThat(fixture.db().deliveries().find(new Document("type", "webhook.test")).first())
        .containsEntry("status", "failed");
  }

  @Test
  void redirectIsFailure() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 302;
    pause();
    deliver();
    assertThat(only(created).error()).contains("status_302");
  }

  @Test
  void retryAfterIsHonoured() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 429;
    receiver.retryAfter = Optional.of("3600");
    pause();
    deliver();
    Delivery busy = only(created);
    assertThat(Duration.between(busy.lastAt().orElseThrow(), busy.nextAt().orElseThrow()))
        .isBetween(Duration.ofHours(1), Duration.ofHours(1).plusSeconds(30));
  }

  @Test
  void twoSendersSendOnce() throws InterruptedException {
    create("acc-chile-001", ALL);
    pause();
    try (var other = fixture.another()) {
      DeliveryService elsewhere = other.services().webhooks().delivery();
      Thread second =
          Thread.startVirtualThread(
              () -> elsewhere.run(receiver, Deadline.in(Duration.ofMillis(400))));
      deliver();
      second.join();
    }
    assertThat(receiver.posts).hasSize(1);
  }

  /** Upkeep makes deliveries; it sends nothing, however much waits. */
  @Test
  void upkeepSendsNothing() {
    Created created = create("acc-chile-001", ALL);
    fill(created.webhook().id(), 5_000, Instant.now().minusSeconds(600));
    pause();
    var report = fixture.pulso().runUpkeep(Duration.ofMinutes(4));
    assertThat(report.failedSteps()).isEmpty();
    assertThat(report.oldestDelivery()).isGreaterThan(Duration.ofSeconds(590));
    assertThat(fixture.db().deliveries().countDocuments()).isEqualTo(5_001);
  }
}
