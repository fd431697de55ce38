package dev.pulso.webhooks;

import dev.pulso.mongo.Lenient;
import java.math.BigDecimal;
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

  /** Reads a delivery, whatever other programs made of it. */
  static Delivery read(Document stored) {
    return new Delivery(
        stored.getString(DeliveryStore.ID),
        Lenient.text(stored.get(DeliveryStore.TYPE)).orElse(""),
        Lenient.text(stored.get(DeliveryStore.STATUS)).orElse(DeliveryStore.FAILED),
        (int) Lenient.count(stored.get(DeliveryStore.ATTEMPTS)),
        Lenient.time(stored.get(DeliveryStore.CREATED_AT)).orElse(Instant.EPOCH),
        Lenient.time(stored.get(DeliveryStore.LAST_AT)),
        Lenient.time(stored.get(DeliveryStore.NEXT_AT)),
        Lenient.number(stored.get(DeliveryStore.RESPONSE_STATUS)).map(BigDecimal::intValue),
        Lenient.text(stored.get(DeliveryStore.ERROR)),
        Lenient.number(stored.get(DeliveryStore.TOOK_MS))
            .map(took -> Duration.ofMillis(Math.max(0, took.longValue()))));
  }
}
