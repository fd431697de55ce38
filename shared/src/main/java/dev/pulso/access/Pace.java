package dev.pulso.access;

import java.time.Duration;

/**
 * How strictly a limit is kept: the generic cell rate algorithm, which remembers one moment for
 * each key, up to when what was let through is "paid for".
 *
 * <p>Timers are not clocks. Each poll is paid for a tenth sooner than the limit says, so that a
 * client whose intervals are never shorter than that is never refused, however long it polls: were
 * they as long as the limit says on average, errors that add up would get any client refused one
 * day. And a few polls may come early: at the opening of a page, after a reload, after a pause of
 * the network.
 *
 * @param intervalNanos what a poll is paid for with
 * @param toleranceNanos how far ahead of the clock may be what was let through
 */
public record Pace(long intervalNanos, long toleranceNanos) {
  private static final int LEEWAY_PERCENT = 10;

  /** Polls that may come early. */
  private static final int EARLY = 3;

  /** The pace at which a limit is kept. */
  public static Pace of(RateLimit limit) {
    long interval = limit.window().toNanos() / limit.polls() * (100 - LEEWAY_PERCENT) / 100;
    return new Pace(interval, interval * (limit.polls() - 1 + EARLY));
  }

  /** Whether a poll passes after ones that are paid for until {@code ahead} ns from now. */
  boolean admits(long ahead) {
    return ahead <= toleranceNanos;
  }

  /** How many polls pass at once after ones that are paid for until {@code ahead} ns from now. */
  long remaining(long ahead) {
    return admits(ahead) ? (toleranceNanos - ahead) / intervalNanos + 1 : 0;
  }

  /** How long it takes until so many polls pass at once; zero when they do now. */
  Duration until(long polls, long ahead) {
    return Duration.ofNanos(Math.max(0, ahead - toleranceNanos + (polls - 1) * intervalNanos));
  }
}
