package dev.pulso.webhooks;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Lenient;
import dev.pulso.text.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bson.Document;

/** The bodies of deliveries (Standard Webhooks: type, timestamp, data). */
final class Payload {
  private static final List<String> COUNTERS =
      List.of(
          BatchFields.TOTAL_JOBS,
          BatchFields.PENDING_JOBS,
          BatchFields.COMPLETED_JOBS,
          BatchFields.FAILED_JOBS,
          BatchFields.SUSPENDED_JOBS);

  private static final List<String> FIGURES =
      List.of(BatchFields.TOTAL_COST, BatchFields.TOTAL_MINUTES, "progress_percentage");

  private Payload() {}

  /** Returns the body for an event of a batch: its ids, and what the event knows. */
  static String of(String type, Instant at, Document event) {
    return of(
        type,
        at,
        data -> {
          data.text(AuditLog.BATCH_ID, Lenient.text(event.get(AuditLog.BATCH_ID)))
              .text(WebhookStore.ACCOUNT_ID, Lenient.text(event.get(WebhookStore.ACCOUNT_ID)));
          if (type.equals(WebhookEvent.CANCELLED.value())) {
            data.text(AuditLog.REASON, Lenient.text(event.get(AuditLog.REASON)));
          }
          if (event.containsKey(BatchFields.TOTAL_JOBS)) {
            COUNTERS.forEach(name -> data.number(name, Lenient.count(event.get(name))));
            FIGURES.forEach(
                name -> data.number(name, Rounding.figure(Lenient.amount(event.get(name)))));
          }
          if (type.equals(WebhookEvent.COMPLETED.value())) {
            data.time(BatchFields.COMPLETED_AT, Optional.of(at));
          }
        });
  }

  /** Returns the body for a test of a webhook. */
  static String test(String type, Instant at, String webhook) {
    return of(type, at, data -> data.text("webhook_id", webhook));
  }

  private static String of(String type, Instant at, Consumer<JsonWriter> data) {
    return JsonWriter.object(
        json -> json.text("type", type).time("timestamp", at).object("data", data));
  }
}
