package dev.pulso.access;

import java.time.Duration;

/**
 * The tolerance of a limit. Implements the generic cell rate algorithm, which stores one time per
 * key: until when the admitted polls are "paid for".
 *
 * <p>Client timers are not exact. Each poll is paid for a tenth sooner than the limit says, so a
 * client whose intervals are never shorter than that is never rejected. With the exact interval,
 * timer errors would add up until any client is rejected. A few polls may also come early: when a
 * page opens, after a reload, after a network pause.
 *
 * @param intervalNanos the time that one poll pays for
 * @param toleranceNanos how far ahead of the clock the paid time may be
 */
public record Pace(long intervalNanos, long toleranceNanos) {
  private static final int LEEWAY_PERCENT = 10;

  private static final int EARLY = 3;

  /** Returns the pace of a limit. */
  public static Pace of(RateLimit limit) {
    long interval = limit.window().toNanos() / limit.polls() * (100 - LEEWAY_PERCENT) / 100;
    return new Pace(interval, interval * (limit.polls() - 1 + EARLY));
  }

  /** Returns whether a poll passes if earlier ones are paid for until {@code ahead} ns from now. */
  boolean admits(long ahead) {
    return ahead <= toleranceNanos;
  }

  /**
   * Returns how many polls pass at once if earlier ones are paid for until {@code ahead} ns from
   * now.
   */
  long remaining(long ahead) {
    return admits(ahead) ? (toleranceNanos - ahead) / intervalNanos + 1 : 0;
  }

  /** Returns the time until this many polls pass at once; zero if they do now. */
  Duration until(long polls, long ahead) {
    return Duration.ofNanos(Math.max(0, ahead - toleranceNanos + (polls - 1) * intervalNanos));
  }
}
