package dev.pulso.redis;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A circuit breaker. After a failure no caller tries for a while. Then one does, and the others go
 * on without the server until it succeeds. Each consecutive failure doubles the pause. Safe for use
 * by several threads.
 */
final class Breaker {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final LongSupplier nanos;

  /** Guarded by this, like all fields below. */
  private Duration pause = Duration.ZERO;

  private long retryAt;

  /** Counts results: an attempt that began before the latest result no longer matters. */
  private long turn;

  Breaker(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Begins an attempt; empty during a pause. */
  synchronized OptionalLong begin() {
    if (isClosed()) {
      return OptionalLong.of(turn);
    }
    if (nanos.getAsLong() - retryAt < 0) {
      return OptionalLong.empty();
    }
    turn++;
    retryAt = nanos.getAsLong() + pause.toNanos();
    return OptionalLong.of(turn);
  }

  /** Notes a successful attempt. */
  synchronized void succeeded(long tried) {
    if (tried == turn) {
      pause = Duration.ZERO;
    }
  }

  /** Notes a failed attempt. Returns whether it counts: of concurrent ones only the first does. */
  synchronized boolean failed(long tried) {
    if (tried != turn) {
      return false;
    }
    turn++;
    Duration doubled = isClosed() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    retryAt = nanos.getAsLong() + pause.toNanos();
    return true;
  }

  private boolean isClosed() {
    return pause.isZero();
  }
}
