package dev.pulso.webhooks;

import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bson.Document;

/**
 * A delivery of one event to one webhook.
 *
 * @param id also the {@code webhook-id} of each attempt
 * @param type of the event
 * @param status {@code pending}, {@code succeeded} or {@code failed}
 * @param attempts how often it was sent
 * @param lastAt when it was sent last
 * @param nextAt when it will be sent next, or its sender counts as dead
 * @param responseStatus HTTP status of the last answer
 * @param error why the last attempt failed
 * @param took duration of the last attempt
 */
public record Delivery(
    String id,
    String type,
    String status,
    int attempts,
    Instant createdAt,
    Optional<Instant> lastAt,
    Optional<Instant> nextAt,
    Optional<Integer> responseStatus,
    Optional<String> error,
    Optional<Duration> took) {

  static Delivery read(Document stored) {
    return new Delivery(
        stored.getString(DeliveryStore.ID),
        stored.getString(DeliveryStore.TYPE),
        stored.getString(DeliveryStore.STATUS),
        (int) Lenient.count(stored.get(DeliveryStore.ATTEMPTS)),
        stored.getDate(DeliveryStore.CREATED_AT).toInstant(),
        Lenient.time(stored.get(DeliveryStore.LAST_AT)),
        Lenient.time(stored.get(DeliveryStore.NEXT_AT)),
        Optional.ofNullable(stored.getInteger(DeliveryStore.RESPONSE_STATUS)),
        Lenient.text(stored.get(DeliveryStore.ERROR)),
        Optional.ofNullable(stored.getLong(DeliveryStore.TOOK_MS)).map(Duration::ofMillis));
  }
}
