package dev.pulso.list;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The orders of a list. What rows show decides; where they show nothing comes first in rising
 * order. Equal ones are in the order of their {@code _id}.
 */
public enum BatchOrder {
  NEWEST("-created_at", ShownValue.CREATED_AT),
  OLDEST("created_at", ShownValue.CREATED_AT),
  NAME("name", ShownValue.NAME),
  NAME_FALLING("-name", ShownValue.NAME),
  LAST_ACTIVITY("-last_activity_at", ShownValue.LAST_ACTIVITY_AT),
  PENDING("-pending_jobs", ShownValue.PENDING),
  COST("-total_cost", ShownValue.COST);

  private final String text;
  private final ShownValue value;

  BatchOrder(String text, ShownValue value) {
    this.text = text;
    this.value = value;
  }

  /**
   * Parses the parameter {@code sort}; none: newest first.
   *
   * @throws InvalidParameterException when it is unknown
   */
  static BatchOrder parse(Optional<String> sort) {
    return sort.isEmpty()
        ? NEWEST
        : Arrays.stream(values())
            .filter(order -> order.text.equals(sort.get()))
            .findFirst()
            .orElseThrow(() -> new InvalidParameterException("sort", "must be one of " + all()));
  }

  private static String all() {
    return String.join(", ", Stream.of(values()).map(order -> order.text).toList()) + ".";
  }

  ShownValue value() {
    return value;
  }

  /** Returns the direction of the database's sort. */
  int direction() {
    return text.startsWith("-") ? -1 : 1;
  }

  boolean isFalling() {
    return direction() < 0;
  }
}
