package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sends a delivery again. */
class RedeliveryIT extends DeliveryWorld {
  private final DeliveryService delivery = fixture.pulso().services().webhooks().delivery();

  /** It is sent again while its last attempt is running. */
  @ParameterizedTest
  @ValueSource(ints = {500, 410, 200})
  void redeliveryOutlivesRunningAttempt(int answer) {
    Created created = create("acc-chile-001", ALL);
    fill(created.webhook().id(), 1, Instant.now().minusSeconds(60));
    Date past = Date.from(Instant.now().minusSeconds(30));
    fixture.db().deliveries().updateMany(new Document(), set("give_up_at", past));
    fixture.db().deliveries().updateMany(new Document(), set("attempts", 3));
    Transport again =
        (url, headers, body) -> {
          webhooks.redeliver(Caller.ANONYMOUS, created.webhook().id(), only(created).id(), ANA);
          // The redelivery waits until the test looks.
          Date later = Date.from(Instant.now().plusSeconds(3_600));
          fixture.db().deliveries().updateMany(new Document(), set("next_at", later));
          return new Transport.Answer(answer, Optional.empty(), Optional.empty());
        };
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> delivery.run(again, Deadline.in(Duration.ofMillis(250))).sent() > 0);
    assertThat(only(created).attempts()).isEqualTo(4);
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(only(created).nextAt().orElseThrow()).isAfter(Instant.now().plusSeconds(1_800));
    assertThat(find(created).disabledAt()).isEmpty();
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(receiver.posts)
        .extracting(ReceiverStub.Post::id)
        .containsExactly(only(created).id());
  }

  @Test
  void redeliveryBeginsWithShortPauses() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 500;
    pause();
    deliver();
    fixture.db().deliveries().updateMany(new Document(), set("attempts", 12));
    webhooks.redeliver(Caller.ANONYMOUS, created.webhook().id(), only(created).id(), ANA);
    deliver();
    Delivery failed = only(created);
    assertThat(failed.attempts()).isEqualTo(13);
    assertThat(Duration.between(failed.lastAt().orElseThrow(), failed.nextAt().orElseThrow()))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
  }

  @Test
  void redeliveryThatWaitedForDaysIsRepeated() {
    Created created = create("acc-chile-001", ALL);
    pause();
    deliver();
    webhooks.redeliver(Caller.ANONYMOUS, created.webhook().id(), only(created).id(), ANA);
    Date past = Date.from(Instant.now().minusSeconds(30));
    fixture.db().deliveries().updateMany(new Document(), set("give_up_at", past));
    receiver.status = 500;
    deliver();
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(find(created).disabledAt()).isEmpty();
  }
}
