package dev.pulso.redis;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Keeps callers from waiting for a server that is away: after a failure nobody tries for a while,
 * then one does, and the others go on without until that one has succeeded. Each failure in a row
 * doubles the while. Safe for use by several threads.
 */
final class Breaker {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final LongSupplier nanos;

  /** Guarded by this, as all that follows. */
  private Duration pause = Duration.ZERO;

  private long retryAt;

  /** Counts what was found out: whoever tried before that has nothing to add. */
  private long turn;

  Breaker(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Begins a try; empty when it is not the time for one. */
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

  /** A try went well. */
  synchronized void succeeded(long tried) {
    if (tried == turn) {
      pause = Duration.ZERO;
    }
  }

  /** A try failed. Of several at once the first is enough. */
  synchronized void failed(long tried) {
    if (tried != turn) {
      return;
    }
    turn++;
    Duration doubled = isClosed() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    retryAt = nanos.getAsLong() + pause.toNanos();
  }

  private boolean isClosed() {
    return pause.isZero();
  }
}
