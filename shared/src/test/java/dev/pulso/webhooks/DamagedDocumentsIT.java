package dev.pulso.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bson.Document;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another program damaged webhooks or deliveries. Nothing else suffers from it. */
@Order(2)
class DamagedDocumentsIT extends DeliveryWorld {
  private static final String DAMAGED = "wh_00000000000000000000000a";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{url: 7, events: 'x', created_at: 'x', created_by: 7, secrets: 'x', disabled_reason: 7}",
        "{url: 'https://a.example', events: [1, null, 'batch.paused'], secrets: [1, {key_id: 1}]}",
        "{url: null, events: null, created_at: null, secrets: [], disabled_at: null}",
        "{events: ['batch.paused'], secrets: [{key_id: 'x', bytes: 'x', until: 7}], disabled_at: 7}"
      })
  void damagedWebhookStopsNoOther(String fields) {
    Document damaged = Document.parse(fields).append("account_id", "acc-chile-001");
    fixture.db().webhooks().insertOne(damaged.append("_id", DAMAGED));
    Created created = create("acc-chile-001", ALL);
    pause();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(receiver.posts).hasSize(1);
    assertThat(list()).containsExactly(DAMAGED, created.webhook().id());
    webhooks.rotate(Caller.ANONYMOUS, DAMAGED, ANA);
    assertThat(fixture.db().webhooks().find(new Document("_id", DAMAGED)).first())
        .extracting(webhook -> ((List<?>) webhook.get("secrets")).size())
        .isNotEqualTo(0);
    webhooks.delete(Caller.ANONYMOUS, DAMAGED, ANA);
    assertThat(list()).containsExactly(created.webhook().id());
  }

  @Test
  void webhookWithForeignIdIsNotThere() {
    for (Object id : List.of(7, "hello", new Document("a", 1))) {
      fixture
          .db()
          .webhooks()
          .insertOne(
              new Document("_id", id).append("account_id", "acc-chile-001").append("events", ALL));
    }
    Created created = create("acc-chile-001", ALL);
    pause();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(list()).containsExactly(created.webhook().id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{webhook_id: 7}",
        "{webhook_id: null}",
        "{type: 7}",
        "{body: null}",
        "{give_up_at: 'x'}",
        "{next_at: [{$date: 0}]}"
      })
  void damagedDeliveryIsSetAside(String fields) {
    Created created = create("acc-chile-001", ALL);
    // More than one page, and due before all others.
    List<Document> damaged = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      Document one = sound("msg_damaged" + i, created, Instant.EPOCH);
      one.putAll(Document.parse(fields));
      damaged.add(one);
    }
    fixture.db().deliveries().insertMany(damaged);
    fixture.db().deliveries().insertOne(sound("msg_sound", created, Instant.now()));
    runUntil(() -> count("status", "succeeded") == 1 && count("error", "damaged") == 250);
    assertThat(receiver.posts).extracting(ReceiverStub.Post::id).containsExactly("msg_sound");
    assertThat(count("status", "failed")).isEqualTo(250);
    assertThat(find(created).disabledAt()).isEmpty();
    webhooks.deliveries(
        Caller.ANONYMOUS, created.webhook().id(), Optional.empty(), Optional.empty(), 100, ANA);
  }

  @Test
  void deliveryWithForeignIdIsSetAside() {
    Created created = create("acc-chile-001", ALL);
    for (Object id : List.of(7, new Document("a", 1))) {
      Document foreign = sound("x", created, Instant.EPOCH);
      fixture.db().deliveries().insertOne(foreign.append("_id", id));
    }
    fixture.db().deliveries().insertOne(sound("msg_sound", created, Instant.now()));
    runUntil(() -> count("status", "succeeded") == 1 && count("error", "damaged") == 2);
    assertThat(only(created).id()).isEqualTo("msg_sound");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{attempts: 'x', earlier_attempts: 'x'}",
        "{attempts: null}",
        "{attempts: 2147483647, earlier_attempts: 2147483647}",
        "{attempts: -2147483648, earlier_attempts: 5000000000}",
        "{attempts: NaN, response_status: 'x', took_ms: 'x', error: 7, last_at: 'x'}",
        "{response_status: 200.5, took_ms: -7, created_at: {$date: 0}}"
      })
  void deliveryIsSentWithWhatIsLeft(String fields) {
    Created created = create("acc-chile-001", ALL);
    Document damaged = sound("msg_damaged", created, Instant.now());
    damaged.putAll(Document.parse(fields));
    fixture.db().deliveries().insertOne(damaged);
    only(created);
    receiver.status = 500;
    deliver();
    int attempts = only(created).attempts();
    assertThat(attempts).isPositive();
    receiver.status = 200;
    makeDue();
    deliver();
    assertThat(only(created).status()).isEqualTo("succeeded");
    assertThat(only(created).attempts()).isEqualTo(attempts + 1);
  }

  private static Document sound(String id, Created created, Instant at) {
    Document due =
        DeliveryStore.due(
            id, created.webhook().id(), "batch.paused", "{}", Instant.now(), Retries.PATIENCE);
    return due.append("next_at", Date.from(at));
  }

  private List<String> list() {
    return webhooks.list(Caller.ANONYMOUS, Optional.of("acc-chile-001"), ANA).stream()
        .map(Webhook::id)
        .toList();
  }

  private long count(String field, String value) {
    return fixture.db().deliveries().countDocuments(new Document(field, value));
  }

  private void runUntil(Callable<Boolean> isDone) {
    Eventually.isTrue(
        Duration.ofMinutes(3),
        () -> {
          runFor(Duration.ofSeconds(1), fixture.pulso());
          return isDone.call();
        });
  }
}
