package dev.pulso.webhooks;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bson.Document;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of events: attempts, retries, redelivery, disabling. */
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

  /** Deliveries were off for days, before the event was spread or after it. */
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

  @Test
  void secretIsEncryptedAndUnreadableKeyDelays() {
    Created created = create("acc-chile-001", ALL);
    assertThat(fixture.db().webhooks().find().first().toJson()).doesNotContain(created.secret());
    pause();
    try (var other = fixture.another(builder -> {})) {
      fixture.db().webhooks().updateMany(new Document(), set("secrets.0.key_id", "unknown"));
      deliverBy(other);
    }
    assertThat(receiver.posts).isEmpty();
    assertThat(only(created).status()).isEqualTo("pending");
    assertThat(find(created).disabledAt()).isEmpty();
  }

  @Test
  void deletedWebhookGetsNothing() {
    Created created = create("acc-chile-001", ALL);
    receiver.status = 500;
    pause();
    deliver();
    webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA);
    assertThatThrownBy(() -> find(created)).isInstanceOf(WebhookException.class);
    makeDue();
    deliver();
    assertThat(receiver.posts).hasSize(1);
    assertThat(fixture.db().deliveries().find())
        .singleElement()
        .satisfies(
            delivery ->
                assertThat(delivery)
                    .containsEntry("status", "failed")
                    .containsEntry("error", "webhook_deleted")
                    .doesNotContainKey("next_at"));
  }

  @Test
  void nothingIsDeletedWithoutAuditEntry() {
    Created created = create("acc-chile-001", ALL);
    Document refused = new Document("action", new Document("$ne", "webhook.deleted"));
    fixture
        .db()
        .database()
        .runCommand(new Document("collMod", "audit_log").append("validator", refused));
    assertThatThrownBy(() -> webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA))
        .isInstanceOf(MongoException.class);
    assertThat(find(created).disabledAt()).isEmpty();
  }

  @Test
  void twoSendersSendOnce() throws InterruptedException {
    create("acc-chile-001", ALL);
    pause();
    try (var other = fixture.another(builder -> {})) {
      DeliveryService elsewhere = other.services().webhooks().delivery();
      Thread second =
          Thread.startVirtualThread(
              () -> elsewhere.run(receiver, Deadline.in(Duration.ofMillis(400))));
      deliver();
      second.join();
    }
    assertThat(receiver.posts).hasSize(1);
  }

  /** The slow receiver answers only when all of the other's deliveries have arrived. */
  @Test
  void slowReceiverDelaysNoOther() {
    Created slow = create("acc-chile-001", ALL);
    Created quick = create("acc-peru-001", ALL);
    fill(slow.webhook().id(), 2_000, Instant.now().minusSeconds(60));
    fill(quick.webhook().id(), 300, Instant.now().minusSeconds(30));
    CountDownLatch all = new CountDownLatch(300);
    CountDownLatch release = new CountDownLatch(1);
    Transport transport =
        (url, headers, body) -> {
          if (url.endsWith("peru-001")) {
            all.countDown();
          } else {
            await(release);
          }
          return new Transport.Answer(200, Optional.empty(), Optional.empty());
        };
    DeliveryService delivery = fixture.pulso().services().webhooks().delivery();
    ExecutorService process = Executors.newVirtualThreadPerTaskExecutor();
    process.submit(() -> delivery.run(transport, Deadline.in(Duration.ofSeconds(20))));
    await(all);
    Document ofSlow = new Document("webhook_id", slow.webhook().id());
    long begun =
        fixture.db().deliveries().countDocuments(ofSlow.append("attempts", new Document("$gt", 0)));
    assertThat(begun).as("attempts that the slow receiver holds").isLessThanOrEqualTo(4);
    release.countDown();
    process.shutdownNow();
    process.close();
  }

  /** Upkeep spreads events; it sends nothing, however much waits. */
  @Test
  void upkeepOnlySpreads() {
    Created created = create("acc-chile-001", ALL);
    fill(created.webhook().id(), 5_000, Instant.now().minusSeconds(600));
    pause();
    long start = System.nanoTime();
    var report = fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(report.failedSteps()).isEmpty();
    assertThat(report.oldestDelivery()).isGreaterThan(Duration.ofSeconds(590));
    assertThat(fixture.db().deliveries().countDocuments()).isEqualTo(5_001);
  }

  @Test
  void changesOfWebhooksAreAudited() {
    Created created = create("acc-chile-001", ALL);
    webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    webhooks.delete(Caller.ANONYMOUS, created.webhook().id(), ANA);
    assertThat(fixture.db().auditLog().find())
        .extracting(entry -> entry.getString("action"))
        .containsExactly("webhook.created", "webhook.secret_rotated", "webhook.deleted");
    assertThat(fixture.db().auditLog().find())
        .allSatisfy(
            entry ->
                assertThat(entry)
                    .containsEntry("subject", created.webhook().id())
                    .containsEntry("account_id", "acc-chile-001")
                    .containsEntry("actor", "ana"));
  }

  private int signaturesAfterRotation(Created created) {
    webhooks.rotate(Caller.ANONYMOUS, created.webhook().id(), ANA);
    webhooks.test(Caller.ANONYMOUS, created.webhook().id(), ANA);
    deliver();
    return receiver.posts.getLast().headers().get("webhook-signature").split(" ").length;
  }
}
