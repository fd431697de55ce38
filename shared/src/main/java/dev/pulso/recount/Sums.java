package dev.pulso.recount;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Cost and length of all calls of a group.
 *
 * @param cents cost in cents, with fractions
 * @param ms length in milliseconds
 */
public record Sums(BigDecimal cents, BigDecimal ms) {
  private static final int DECIMALS = 6;

  static final Sums NONE = new Sums(BigDecimal.ZERO, BigDecimal.ZERO);

  /** Without the digits that nobody is ever shown, which may be more than a figure can hold. */
  static Sums of(BigDecimal cents, BigDecimal ms) {
    return new Sums(
        cents.setScale(DECIMALS, RoundingMode.HALF_UP),
        ms.setScale(DECIMALS, RoundingMode.HALF_UP));
  }

  Sums plus(Sums other) {
    return new Sums(cents.add(other.cents), ms.add(other.ms));
  }
}
