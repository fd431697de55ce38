package dev.pulso.webhooks;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.WebhookService.Created;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with a batch, a receiver of its events, and what tests of deliveries do to both. */
abstract class DeliveryWorld {
  static final String KEY = "k".repeat(64);
  static final List<String> ALL = WebhookEvent.all();
  static final Origin ANA = new Origin(Optional.of("ana"), Optional.empty(), Optional.empty());

  final PulsoFixture fixture = PulsoFixture.open(Map.of("WEBHOOK_KEYS", KEY));
  final WebhookService webhooks = fixture.pulso().services().webhooks().service();
  final ReceiverStub receiver = new ReceiverStub();

  @BeforeEach
  void upload() {
    fixture.batches(batch("b"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  Created create(String account, List<String> events) {
    return webhooks.create(
        Caller.ANONYMOUS, Optional.of(account), "https://example.com/" + account, events, ANA);
  }

  void fill(String webhook, int many, Instant at) {
    List<Document> due = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      due.add(
          DeliveryStore.due(
              "msg_" + webhook + i, webhook, "batch.paused", "{}", at, Retries.PATIENCE));
    }
    unhurried(fixture.db().deliveries()).insertMany(due);
  }

  Webhook find(Created created) {
    return webhooks.find(Caller.ANONYMOUS, created.webhook().id(), ANA);
  }

  Delivery only(Created created) {
    List<Delivery> all =
        webhooks
            .deliveries(
                Caller.ANONYMOUS,
                created.webhook().id(),
                Optional.empty(),
                Optional.empty(),
                10,
                ANA)
            .deliveries();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  void pause() {
    fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ANA);
  }

  void resume() {
    fixture.pulso().services().pause().resume(Caller.ANONYMOUS, new BatchAddress("b"), ANA);
  }

  void deliver() {
    deliverBy(fixture.pulso());
  }

  /**
   * Delivers what is due now, and no retry that follows. On a busy machine, a run may end before it
   * has found what is due.
   */
  void deliverBy(Pulso process) {
    Date now = new Date();
    Eventually.isTrue(
        Duration.ofSeconds(30),
        () -> {
          runOnce(process);
          return !isAnyDue(now);
        });
  }

  void runOnce(Pulso process) {
    runFor(Duration.ofMillis(250), process);
  }

  void runFor(Duration time, Pulso process) {
    process.services().webhooks().delivery().run(receiver, Deadline.in(time));
  }

  private boolean isAnyDue(Date now) {
    Document due = new Document("status", "pending").append("next_at", new Document("$lte", now));
    Document told = new Document("pulso.events._id", new Document("$exists", true));
    return fixture.db().deliveries().countDocuments(due) > 0
        || fixture.db().batches().countDocuments(told) > 0;
  }

  void makeDue() {
    fixture
        .db()
        .deliveries()
        .updateMany(
            new Document("status", "pending"),
            set("next_at", Date.from(Instant.now().minusSeconds(1))));
  }

  static Document set(String field, Object value) {
    return new Document("$set", new Document(field, value));
  }
}
