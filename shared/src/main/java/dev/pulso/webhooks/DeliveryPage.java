package dev.pulso.webhooks;

import dev.pulso.list.InvalidParameterException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of deliveries.
 *
 * @param next the cursor of the next page, if there is one
 */
public record DeliveryPage(List<Delivery> deliveries, Optional<String> next) {
  /** The ids of deliveries. */
  static final String ID = "msg_[A-Za-z0-9_-]{1,64}";

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,15})\\.(" + ID + ")");

  static DeliveryPage of(List<Delivery> oneMore, int limit) {
    if (oneMore.size() <= limit) {
      return new DeliveryPage(oneMore, Optional.empty());
    }
    Delivery last = oneMore.get(limit - 1);
    return new DeliveryPage(
        List.copyOf(oneMore.subList(0, limit)),
        Optional.of(last.createdAt().toEpochMilli() + "." + last.id()));
  }

  static DeliveryStore.Place place(String cursor) {
    Matcher parts = CURSOR.matcher(cursor);
    if (!parts.matches()) {
      throw new InvalidParameterException("cursor", "must be one of a Link header.");
    }
    return new DeliveryStore.Place(
        Instant.ofEpochMilli(Long.parseLong(parts.group(1))), parts.group(2));
  }
}
