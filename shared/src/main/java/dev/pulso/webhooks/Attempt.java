package dev.pulso.webhooks;

import java.time.Instant;
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

  static Attempt read(Document stored) {
    return new Attempt(
        stored.getString(DeliveryStore.ID),
        stored.getString(DeliveryStore.WEBHOOK_ID),
        stored.getString(DeliveryStore.TYPE),
        stored.getString(DeliveryStore.BODY),
        stored.getInteger(DeliveryStore.ATTEMPTS),
        stored.getInteger(DeliveryStore.EARLIER_ATTEMPTS, 0),
        stored.getDate(DeliveryStore.LAST_AT).toInstant(),
        stored.getDate(DeliveryStore.NEXT_AT).toInstant(),
        stored.getDate(DeliveryStore.GIVE_UP_AT).toInstant());
  }

  Attempt withGiveUpAt(Instant later) {
    return new Attempt(deliveryId, webhookId, type, body, number, earlier, at, until, later);
  }

  boolean isLast() {
    return !at.isBefore(giveUpAt);
  }
}
