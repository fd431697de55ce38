package dev.pulso.webhooks;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;

import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.cursor.TimeoutMode;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOneModel;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Outbox;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Lenient;
import dev.pulso.text.Hash;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/**
 * Turns events that wait in batches into deliveries, one for each webhook that wants them, and then
 * takes them out of the batches. The id of a delivery is made of event and webhook, so doing it
 * twice is harmless.
 */
public final class EventFanOut {
  private static final int CHUNK = 200;
  private static final int ID_BYTES = 18;

  private final Db db;
  private final WebhookStore webhooks;
  private final DeliveryStore deliveries;

  EventFanOut(Db db, WebhookStore webhooks, DeliveryStore deliveries) {
    this.db = db;
    this.webhooks = webhooks;
    this.deliveries = deliveries;
  }

  /**
   * Makes deliveries until no event waits, or the deadline passes. A batch that cannot be written
   * does not stop the others; its events stay.
   *
   * @return number of batches
   */
  public int run(Deadline deadline) {
    int batches = 0;
    try (MongoCursor<Document> waiting = waiting().cursor()) {
      while (waiting.hasNext() && !deadline.passed()) {
        List<Document> chunk = new ArrayList<>();
        while (chunk.size() < CHUNK && waiting.hasNext()) {
          chunk.add(waiting.next());
        }
        deliveries.insert(deliveriesOf(chunk));
        takeOut(chunk);
        batches += chunk.size();
      }
    }
    return batches;
  }

  /**
   * Reads only what a crash cannot undo: an event that is delivered has happened. The time limit
   * holds for each read, since others write between them and may wait for a locked batch.
   */
  private FindIterable<Document> waiting() {
    return db.batches()
        .withReadConcern(ReadConcern.MAJORITY)
        .find(exists(BatchFields.EVENTS_ID))
        .projection(Projections.include(BatchFields.EVENTS))
        .timeoutMode(TimeoutMode.ITERATION)
        .batchSize(CHUNK);
  }

  private List<Document> deliveriesOf(List<Document> batches) {
    List<Document> events = new ArrayList<>();
    batches.forEach(batch -> events.addAll(eventsOf(batch)));
    Set<String> accounts = new HashSet<>();
    events.forEach(
        event -> Lenient.text(event.get(WebhookStore.ACCOUNT_ID)).ifPresent(accounts::add));
    Map<String, List<Webhook>> enabled = accounts.isEmpty() ? Map.of() : webhooks.enabled(accounts);
    List<Document> due = new ArrayList<>();
    for (Document event : events) {
      String account = Lenient.text(event.get(WebhookStore.ACCOUNT_ID)).orElse("");
      for (Webhook webhook : enabled.getOrDefault(account, List.of())) {
        delivery(event, webhook).ifPresent(due::add);
      }
    }
    return due;
  }

  /** Returns nothing if the webhook does not want the event, or another program damaged it. */
  private static Optional<Document> delivery(Document event, Webhook webhook) {
    Optional<String> type = Lenient.text(event.get(AuditLog.ACTION));
    Optional<Instant> at = Lenient.time(event.get(AuditLog.AT));
    if (type.isEmpty()
        || at.isEmpty()
        || !(event.get(AuditLog.ID) instanceof Document identity)
        || !webhook.wants(type.get(), at.get())) {
      return Optional.empty();
    }
    String body = Payload.of(type.get(), at.get(), event);
    return Optional.of(
        DeliveryStore.due(
            id(identity, webhook.id()),
            webhook.id(),
            type.get(),
            body,
            at.get(),
            Retries.PATIENCE));
  }

  private static String id(Document event, String webhook) {
    byte[] hash = Hash.sha256(webhook + event.toJson());
    return "msg_" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, ID_BYTES));
  }

  /** Needs no majority: if a crash undoes it, the same deliveries are found to exist. */
  private void takeOut(List<Document> batches) {
    MongoCollection<Document> withoutMajority = db.batches().withWriteConcern(WriteConcern.W1);
    List<UpdateOneModel<Document>> updates = new ArrayList<>();
    for (Document batch : batches) {
      updates.add(
          new UpdateOneModel<>(
              eq(BatchFields.ID, batch.get(BatchFields.ID)),
              Outbox.without(BatchFields.EVENTS, eventsOf(batch))));
    }
    IndependentWrites.write(withoutMajority, updates, IndependentWrites.UNHURRIED);
  }

  private static List<Document> eventsOf(Document batch) {
    return Lenient.documents(Lenient.document(batch.get(BatchFields.PULSO)).get("events"));
  }
}
