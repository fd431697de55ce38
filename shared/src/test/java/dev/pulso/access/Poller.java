package dev.pulso.access;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/** A client and a limiter on a simulated clock. */
final class Poller {
  private static final long MS = 1_000_000;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 40_000 * MS);
  private final LocalRateLimiter limiter;
  private final Random random;

  Poller(String limit, long seed) {
    this.limiter = new LocalRateLimiter(RateLimit.parse(limit).orElseThrow(), clock::get);
    this.random = new Random(seed);
  }

  /** Returns a number of ms from {@code -most} to {@code most}. */
  long jitter(long most) {
    return random.nextLong(-most, most + 1);
  }

  void passes(long ms) {
    clock.addAndGet(ms * MS);
  }

  Admission poll() {
    return poll("user", "batch");
  }

  Admission poll(String subject, String address) {
    return limiter.admit(subject, address).orElseThrow();
  }

  /**
   * Polls at these times, with random delays.
   *
   * @param moments when the n-th poll leaves, in ms; never before the previous one
   * @param mostOnTheWay maximum delay of a poll, in ms
   * @return number of rejected polls
   */
  int refusedOf(int polls, LongUnaryOperator moments, long mostOnTheWay) {
    int refused = 0;
    long now = 0;
    for (int i = 0; i < polls; i++) {
      long arrives = moments.applyAsLong(i) + random.nextLong(mostOnTheWay + 1);
      if (arrives > now) {
        passes(arrives - now);
        now = arrives;
      }
      refused += poll().isAdmitted() ? 0 : 1;
    }
    return refused;
  }
}
