package dev.pulso.recount;

import java.math.BigDecimal;

/**
 * Cost and length of all calls of a group.
 *
 * @param cents cost in cents, with fractions
 * @param ms length in milliseconds
 */
public record Sums(BigDecimal cents, BigDecimal ms) {
  static final Sums NONE = new Sums(BigDecimal.ZERO, BigDecimal.ZERO);

  Sums plus(Sums other) {
    return new Sums(cents.add(other.cents), ms.add(other.ms));
  }
}
