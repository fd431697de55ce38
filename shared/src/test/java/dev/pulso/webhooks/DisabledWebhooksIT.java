package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Caller;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures disable a webhook. */
class DisabledWebhooksIT extends DeliveryWorld {
  @Test
  void goneDisablesAtOnce() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 410;
    pause();
    deliver();
    assertThat(find(created).disabledReason()).contains("The receiver answered 410 Gone.");
    assertThat(only(created).status()).isEqualTo("failed");
    assertThatThrownBy(() -> webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA))
        .isInstanceOf(WebhookException.class);
  }

  @Test
  void threeDaysOfFailuresDisable() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 0;
    pause();
    deliver();
    fixture
        .db()
        .deliveries()
        .updateMany(new Document(), set("give_up_at", Date.from(Instant.now().minusSeconds(1))));
    makeDue();
    deliver();
    assertThat(find(created).disabledReason().orElseThrow())
        .contains(only(created).id(), "three days", "timeout");
    resume();
    deliver();
    assertThat(receiver.posts).hasSize(2);
    webhooks.enable(Caller.ANONYMOUS, created.webhook().id(), ANA);
    receiver.status = 200;
    webhooks.redeliver(Caller.ANONYMOUS, created.webhook().id(), only(created).id(), ANA);
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(receiver.posts).extracting(ReceiverStub.Post::id).containsOnly(only(created).id());
  }

  /** Deliveries were off for days, before the fan-out of the event or after it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void threeDaysBeginWithFirstAttempt(boolean isSpread) {
    Created created = create("acc-chile-001", ALL);
    Instant old = Instant.now().minus(Duration.ofDays(4));
    fixture.db().webhooks().updateMany(new Document(), set("created_at", new Date(0)));
    if (isSpread) {
      fill(created.webhook().id(), 1, old);
    } else {
      pause();
      fixture.db().batches().updateMany(new Document(), set("pulso.events.0.at", Date.from(old)));
    }
    receiver.status = 500;
    deliver();
    assertThat(only(created).createdAt()).isBefore(Instant.now().minus(Duration.ofDays(3)));
    assertThat(only(created).status()).isEqualTo("pending");
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(find(created).disabledAt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 410})
  void failedTestDisablesNothing(int status) {
    Created created = create("acc-chile-001", ALL);
    receiver.status = status;
    String id = webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA);
    deliver();
    assertThat(only(created).status()).isEqualTo("failed");
    assertThat(receiver.posts.getFirst().id()).isEqualTo(id);
    assertThat(find(created).disabledAt()).isEmpty();
  }
}
