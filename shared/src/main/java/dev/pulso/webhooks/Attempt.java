package dev.pulso.webhooks;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.Optional;
import org.bson.Document;

/**
 * The right to send a delivery once. If its holder dies, another attempt follows.
 *
 * @param number of this attempt, from 1
 * @param earlier attempts before the delivery was sent again by hand
 * @param at when it begins, by the server's clock
 * @param until when its holder counts as dead; another time in the delivery means that it is due
 *     again, or in another attempt
 * @param giveUpAt if it fails at this time or later, it was the last one
 */
record Attempt(
    String deliveryId,
    String webhookId,
    String type,
    String body,
    int number,
    int earlier,
    Instant at,
    Instant until,
    Instant giveUpAt) {

  /** Reads an attempt that has begun; empty if another program damaged the delivery. */
  static Optional<Attempt> read(Document begun) {
    Optional<String> webhook = Lenient.text(begun.get(DeliveryStore.WEBHOOK_ID));
    Optional<String> type = Lenient.text(begun.get(DeliveryStore.TYPE));
    Optional<String> body = Lenient.text(begun.get(DeliveryStore.BODY));
    Optional<Instant> giveUpAt = Lenient.time(begun.get(DeliveryStore.GIVE_UP_AT));
    if (webhook.isEmpty() || type.isEmpty() || body.isEmpty() || giveUpAt.isEmpty()) {
      return Optional.empty();
    }
    int number = begun.getInteger(DeliveryStore.ATTEMPTS);
    long earlier = Lenient.count(begun.get(DeliveryStore.EARLIER_ATTEMPTS));
    return Optional.of(
        new Attempt(
            begun.getString(DeliveryStore.ID),
            webhook.get(),
            type.get(),
            body.get(),
            number,
            // Damage must not keep the pauses short.
            earlier < number ? (int) earlier : 0,
            begun.getDate(DeliveryStore.LAST_AT).toInstant(),
            begun.getDate(DeliveryStore.NEXT_AT).toInstant(),
            giveUpAt.get()));
  }

  Attempt withGiveUpAt(Instant later) {
    return new Attempt(deliveryId, webhookId, type, body, number, earlier, at, until, later);
  }

  boolean isLast() {
    return !at.isBefore(giveUpAt);
  }
}
