package dev.pulso.batch;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Rounding of figures in answers: decimal, half up, without binary noise. */
public final class Rounding {
  private static final BigDecimal CENTS_PER_UNIT = BigDecimal.valueOf(100);
  public static final BigDecimal MS_PER_MINUTE = BigDecimal.valueOf(60_000);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal NEARLY_ALL = new BigDecimal("99.99");

  /** Sums of doubles are exact to this many decimals; further digits are noise. */
  private static final int NOISE_FREE_DECIMALS = 6;

  private static final int FIGURE_DECIMALS = 4;

  private Rounding() {}

  /** Converts cents to units of money, four decimals at most. */
  public static BigDecimal units(BigDecimal cents) {
    return figure(cents.setScale(NOISE_FREE_DECIMALS, RoundingMode.HALF_UP).divide(CENTS_PER_UNIT));
  }

  /** Converts milliseconds to minutes, four decimals at most. */
  public static BigDecimal minutes(BigDecimal ms) {
    return plain(
        ms.setScale(NOISE_FREE_DECIMALS, RoundingMode.HALF_UP)
            .divide(MS_PER_MINUTE, FIGURE_DECIMALS, RoundingMode.HALF_UP));
  }

  /** Rounds to four decimals at most. */
  public static BigDecimal figure(BigDecimal value) {
    return plain(value.setScale(FIGURE_DECIMALS, RoundingMode.HALF_UP));
  }

  /** Rounds units to two decimals at most, after removing the noise of their hundredths. */
  public static BigDecimal twoDecimals(BigDecimal units) {
    return plain(
        units
            .setScale(NOISE_FREE_DECIMALS + 2, RoundingMode.HALF_UP)
            .setScale(2, RoundingMode.HALF_UP));
  }

  /** Returns a percentage, two decimals at most; 0 if the whole is 0. */
  public static BigDecimal percentage(long part, long whole) {
    if (whole == 0) {
      return plain(BigDecimal.ZERO);
    }
    return plain(
        BigDecimal.valueOf(part)
            .multiply(HUNDRED)
            .divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP));
  }

  /** Returns a percentage of at most 99.99 until the part equals the whole. */
  public static BigDecimal progress(long part, long whole) {
    BigDecimal percentage = percentage(part, whole);
    return part < whole ? percentage.min(NEARLY_ALL) : percentage;
  }

  /** Strips trailing zeros but keeps one decimal, so that 5000 is written as 5000.0, never 5E+3. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 1 ? stripped.setScale(1) : stripped;
  }
}
