package dev.pulso.webhooks;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * A webhook, without its secrets.
 *
 * @param url where its deliveries go
 * @param events values of {@link WebhookEvent}
 * @param createdBy subject of the caller who made it
 * @param disabledAt since when nothing is delivered to it
 * @param oldSecretUntil until when deliveries are also signed with the secret before the last one
 */
public record Webhook(
    String id,
    String accountId,
    String url,
    List<String> events,
    Instant createdAt,
    Optional<String> createdBy,
    Optional<Instant> disabledAt,
    Optional<String> disabledReason,
    Optional<Instant> oldSecretUntil) {

  /** Returns whether it gets an event: not one of before it was created. */
  boolean wants(String type, Instant at) {
    return events.contains(type) && !at.isBefore(createdAt);
  }

  /** Reads a webhook, which its owner can still see and delete if other programs damaged it. */
  static Webhook read(Document stored) {
    return new Webhook(
        stored.getString(WebhookStore.ID),
        Lenient.text(stored.get(WebhookStore.ACCOUNT_ID)).orElse(""),
        Lenient.text(stored.get(WebhookStore.URL)).orElse(""),
        Lenient.texts(stored.get(WebhookStore.EVENTS)),
        Lenient.time(stored.get(WebhookStore.CREATED_AT)).orElse(Instant.EPOCH),
        Lenient.text(stored.get(WebhookStore.CREATED_BY)),
        Lenient.time(stored.get(WebhookStore.DISABLED_AT)),
        Lenient.text(stored.get(WebhookStore.DISABLED_REASON)),
        Lenient.documents(stored.get(WebhookStore.SECRETS)).stream()
            .flatMap(secret -> Lenient.time(secret.get(WebhookStore.UNTIL)).stream())
            .findFirst());
  }
}
