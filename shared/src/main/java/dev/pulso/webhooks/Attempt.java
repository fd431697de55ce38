package dev.pulso.webhooks;

import static dev.pulso.mongo.Expressions.op;

import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
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

  /** The attempts made before; what is no number, negative, or 2^31-1 or more counts as none. */
  private static final Document MADE =
      Document.parse(
          "{$mod: [{$max: [0, {$convert: {input: '$attempts', to: 'int', onError: 0, onNull: 0}}]},"
              + Integer.MAX_VALUE
              + "]}");

  /**
   * The three days begin with the first attempt after the event or the redelivery: deliveries may
   * have been off until then. A test has none. What is no time stays, and shows the damage.
   */
  private static final Document GIVING_UP =
      op(
          "$cond",
          Document.parse(
              "{$and: [{$eq: [{$ifNull: ['$attempts', 0]}, {$ifNull: ['$earlier_attempts', 0]}]},"
                  + " {$ne: ['$type', '"
                  + WebhookService.TEST
                  + "']}, {$eq: [{$type: '$give_up_at'}, 'date']}]}"),
          Db.later(Retries.PATIENCE),
          "$" + DeliveryStore.GIVE_UP_AT);

  /** Longer than an attempt with its writes. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  /** What an update sets to begin an attempt. */
  static final Document BEGUN =
      new Document(DeliveryStore.ATTEMPTS, op("$add", MADE, 1))
          .append(DeliveryStore.LAST_AT, "$$NOW")
          .append(DeliveryStore.NEXT_AT, Db.later(LEASE))
          .append(DeliveryStore.GIVE_UP_AT, GIVING_UP);

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
