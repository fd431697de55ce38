package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.AuditLog;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.fixture.Eventually;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Keys that are lost, replaced or away, and what becomes of deliveries meanwhile. */
class SecretKeysIT extends DeliveryWorld {
  private static final String NEW_KEY = "n".repeat(64);

  @Test
  void lostKeyLosesNothing() {
    Created created = create("acc-chile-001", ALL);
    String key = loseKey();
    pause();
    deliver();
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(only(created).error()).contains("secret_unreadable");
    assertPauseHasGrown(only(created));
    makeDue();
    deliver();
    assertPauseHasGrown(only(created));
    Date past = Date.from(Instant.now().minusSeconds(30));
    fixture.db().deliveries().updateMany(new Document(), set("give_up_at", past));
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("pending");
    assertPauseHasGrown(only(created));
    assertThat(only(created).attempts()).isGreaterThanOrEqualTo(3);
    assertThat(find(created).disabledAt()).isEmpty();
    assertThat(receiver.posts).isEmpty();
    fixture.db().webhooks().updateMany(new Document(), set("secrets.0.key_id", key));
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(receiver.posts).hasSize(1);
  }

  @Test
  void testWithLostKeyFailsAtOnce() {
    Created created = create("acc-chile-001", ALL);
    loseKey();
    webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA);
    deliver();
    assertThat(only(created).status()).isEqualTo("failed");
    assertThat(only(created).error()).contains("secret_unreadable");
  }

  @Test
  void anotherSecretReplacesLostKey() {
    Created created = create("acc-chile-001", ALL);
    loseKey();
    Created rotated = webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    pause();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertSignedBy(rotated.secret());
  }

  @Test
  void newKeyEncryptsEverySecretWithinOneRun() {
    Created created = create("acc-chile-001", ALL);
    webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    Created idle = create("acc-peru-001", ALL);
    webhooks.rotate(Caller.ANONYMOUS, idle.webhook().id(), ANA);
    Document outlived =
        new Document("secrets.1.until", Date.from(Instant.now().minusSeconds(60)))
            .append("secrets.1.key_id", "unknown");
    fixture
        .db()
        .webhooks()
        .updateOne(new Document("_id", idle.webhook().id()), new Document("$set", outlived));
    with(() -> List.of(NEW_KEY, KEY)).run(receiver, Deadline.in(Duration.ofSeconds(5)));
    assertThat(keyIds()).doesNotContain("unknown").hasSize(1);
    pause();
    DeliveryService withoutOldKey = with(() -> List.of(NEW_KEY));
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          withoutOldKey.run(receiver, Deadline.in(Duration.ofMillis(250)));
          return !receiver.posts.isEmpty();
        });
    assertSignedBy(created.secret());
    assertThat(receiver.posts.getFirst().headers().get("webhook-signature").split(" ")).hasSize(2);
  }

  /** More than come in one batch of a cursor, for longer than one operation may take. */
  @Test
  void manySecretsAreRenewedSlowly() {
    for (int i = 0; i < 110; i++) {
      create("acc-" + i, ALL);
    }
    try (Pulso slow = fixture.anotherWithUpdatesOf(Duration.ofMillis(40))) {
      new WebhookStore(slow.db(), new Secrets(() -> List.of(NEW_KEY, KEY)))
          .renewSecrets(slow.db().now());
    }
    assertThat(keyIds()).hasSize(1);
  }

  @Test
  void keysThatAreAwayDelayOnly() {
    Created created = create("acc-chile-001", ALL);
    pause();
    DeliveryService withoutKeys =
        with(
            () -> {
              throw new MissingConnectionException("away");
            });
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          withoutKeys.run(receiver, Deadline.in(Duration.ofMillis(250)));
          Document unreadable = new Document("error", "secret_unreadable");
          return fixture.db().deliveries().countDocuments(unreadable) > 0;
        });
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
  }

  @Test
  void runsCountUnreadableSecrets() {
    create("acc-chile-001", ALL);
    create("acc-peru-001", ALL);
    assertThat(unreadable(() -> List.of(KEY))).isZero();
    assertThat(unreadable(() -> List.of(NEW_KEY))).as("a lost key").isEqualByComparingTo("2");
    Supplier<List<String>> away =
        () -> {
          throw new MissingConnectionException("away");
        };
    assertThat(unreadable(away)).as("keys that are away").isEqualByComparingTo("2");
    fixture.db().webhooks().updateMany(new Document(), set("disabled_at", new Date()));
    assertThat(unreadable(away)).as("nothing is sent to disabled ones").isZero();
  }

  @Test
  void secretIsEncryptedAndUnreadableKeyDelays() {
    Created created = create("acc-chile-001", ALL);
    assertThat(fixture.db().webhooks().find().first().toJson()).doesNotContain(created.secret());
    pause();
    try (var other = fixture.another()) {
      fixture.db().webhooks().updateMany(new Document(), set("secrets.0.key_id", "unknown"));
      deliverBy(other);
    }
    assertThat(receiver.posts).isEmpty();
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(find(created).disabledAt()).isEmpty();
  }

  private BigDecimal unreadable(Supplier<List<String>> keys) {
    DeliveryReport report = with(keys).run(receiver, Deadline.in(Duration.ofMillis(250)));
    return report.measured(Observation.current()).figures().get(Metric.SECRETS_UNREADABLE);
  }

  private List<String> keyIds() {
    return fixture.db().webhooks().distinct("secrets.key_id", String.class).into(new ArrayList<>());
  }

  private DeliveryService with(Supplier<List<String>> keys) {
    AuditLog auditLog = new AuditLog(fixture.db());
    return new Webhooks(fixture.db(), auditLog, keys, new Targets(false)).delivery();
  }

  /** Returns the id of the key, which the secrets of all webhooks lack from now on. */
  private String loseKey() {
    String key = keyIds().getFirst();
    fixture.db().webhooks().updateMany(new Document(), set("secrets.0.key_id", "unknown"));
    return key;
  }

  /**
   * 5 s, 20 s, 80 s, …, each a fifth more or less. On a busy machine, there may be more of them.
   */
  private static void assertPauseHasGrown(Delivery delivery) {
    long millis = 5_000L << (2 * (delivery.attempts() - 1));
    assertThat(Duration.between(delivery.lastAt().orElseThrow(), delivery.nextAt().orElseThrow()))
        .isBetween(Duration.ofMillis(millis * 3 / 4), Duration.ofMillis(millis * 5 / 4));
  }

  private void assertSignedBy(String secret) {
    ReceiverStub.Post post = receiver.posts.getFirst();
    byte[] bytes = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    Instant at = Instant.ofEpochSecond(Long.parseLong(post.headers().get("webhook-timestamp")));
    assertThat(post.headers().get("webhook-signature").split(" "))
        .contains(new SigningSecret(bytes).sign(post.id(), at, post.body()));
  }
}
