package dev.pulso.batch;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How answers round: decimal, half up, never with binary noise. */
public final class Rounding {
  private static final BigDecimal CENTS_PER_UNIT = BigDecimal.valueOf(100);
  private static final BigDecimal MS_PER_MINUTE = BigDecimal.valueOf(60_000);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal NEARLY_ALL = new BigDecimal("99.99");

  /**
   * A sum of doubles is right to this many decimals, so what stands behind them is binary noise.
   */
  private static final int NOISE_FREE_DECIMALS = 6;

  private static final int FIGURE_DECIMALS = 4;

  private Rounding() {}

  /** Units of money from cents, four decimals at most. */
  public static BigDecimal units(BigDecimal cents) {
    return figure(cents.setScale(NOISE_FREE_DECIMALS, RoundingMode.HALF_UP).divide(CENTS_PER_UNIT));
  }

  /** Minutes from milliseconds, four decimals at most. */
  public static BigDecimal minutes(BigDecimal ms) {
    return plain(
        ms.setScale(NOISE_FREE_DECIMALS, RoundingMode.HALF_UP)
            .divide(MS_PER_MINUTE, FIGURE_DECIMALS, RoundingMode.HALF_UP));
  }

  /** A figure of cost or minutes, four decimals at most. */
  public static BigDecimal figure(BigDecimal value) {
    return plain(value.setScale(FIGURE_DECIMALS, RoundingMode.HALF_UP));
  }

  /** A figure with two decimals at most. */
  public static BigDecimal twoDecimals(BigDecimal value) {
    return plain(value.setScale(2, RoundingMode.HALF_UP));
  }

  /** Part of whole in percent, two decimals at most; 0 of nothing. */
  public static BigDecimal percentage(long part, long whole) {
    if (whole == 0) {
      return plain(BigDecimal.ZERO);
    }
    return plain(
        BigDecimal.valueOf(part)
            .multiply(HUNDRED)
            .divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP));
  }

  /** The same, but never 100 before the part is the whole: 99.99 at most. */
  public static BigDecimal progress(long part, long whole) {
    BigDecimal percentage = percentage(part, whole);
    return part < whole ? percentage.min(NEARLY_ALL) : percentage;
  }

  /** Without trailing zeros but with one decimal, so that it is written as 5000.0, never 5E+3. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 1 ? stripped.setScale(1) : stripped;
  }
}
