package dev.pulso.push;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What was last sent for a subscription.
 *
 * @param digest of the content; for a list the sequence number of the last row
 * @param state of the batch; empty for other kinds
 * @param atNanos when, on this process's monotonic clock
 */
record Sent(long digest, String state, long atNanos) {
  private static final long REFUSED = -1;

  Sent(long digest, String state) {
    this(digest, state, System.nanoTime());
  }

  /**
   * Returns what a client knows that was told counters. Newer ones follow old ones at once.
   *
   * @param age of the counters; empty if there was no recount
   */
  static Sent counters(long digest, String state, Optional<Duration> age) {
    boolean isFresh = age.filter(time -> time.compareTo(BatchFeed.COUNTERS) < 0).isPresent();
    return new Sent(digest, state, System.nanoTime() - (isFresh ? 0 : BatchFeed.COUNTERS_NANOS));
  }

  /**
   * Returns what a client knows that was told counters for the first time: as if it had been told
   * them when they changed last, so that the next change of a calm batch does not wait.
   *
   * @param unchanged for how long they are as they are
   */
  static Sent first(long digest, String state, Duration unchanged) {
    // Nanoseconds end at 292 years, and a job may carry a time of year 1.
    long ms = Math.clamp(unchanged.toMillis(), 0, BatchFeed.COUNTERS.toMillis());
    return new Sent(digest, state, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(ms));
  }

  /** Returns what a client knows that was told that it may not see what it subscribed to. */
  static Sent refusal() {
    return new Sent(REFUSED, "");
  }

  boolean isRefusal() {
    return digest == REFUSED;
  }

  boolean isOlderThan(long nanos) {
    return System.nanoTime() - atNanos >= nanos;
  }
}
