package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Instant;
import java.util.Date;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** For a day, deliveries are signed with the secrets of before too. */
class RotatedSecretsIT extends DeliveryWorld {
  @Test
  void rotatedSecretSignsWithBothForADay() {
    Created created = create("acc-chile-001", ALL);
    Created rotated = webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    assertThat(rotated.secret()).isNotEqualTo(created.secret());
    assertThat(rotated.webhook().oldSecretUntil()).isPresent();
    pause();
    deliver();
    assertThat(receiver.posts.getFirst().headers().get("webhook-signature"))
        .matches("v1,\\S{44} v1,\\S{44}");
    Date past = Date.from(Instant.now().minusSeconds(60));
    fixture.db().webhooks().updateMany(new Document(), set("secrets.1.until", past));
    resume();
    deliver();
    assertThat(receiver.posts.getLast().headers().get("webhook-signature")).matches("v1,\\S{44}");
  }

  @Test
  void eachSecretOfTheLastDaySigns() {
    Created created = create("acc-chile-001", ALL);
    assertThat(signaturesAfterRotation(created)).isEqualTo(2);
    assertThat(signaturesAfterRotation(created)).isEqualTo(3);
    fixture.db().webhooks().updateMany(new Document(), set("secrets.2.until", new Date(0)));
    assertThat(signaturesAfterRotation(created)).isEqualTo(3);
    assertThat(signaturesAfterRotation(created)).isEqualTo(4);
    assertThat(signaturesAfterRotation(created)).isEqualTo(5);
    assertThat(signaturesAfterRotation(created)).isEqualTo(5);
  }

  private int signaturesAfterRotation(Created created) {
    webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA);
    deliver();
    return receiver.posts.getLast().headers().get("webhook-signature").split(" ").length;
  }
}
