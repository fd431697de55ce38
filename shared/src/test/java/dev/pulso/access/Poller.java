package dev.pulso.access;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;

/** A client in front of a limiter, both on a clock that is turned by hand. */
final class Poller {
  private static final long MS = 1_000_000;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 40_000 * MS);
  private final LocalRateLimiter limiter;
  private final Random random;

  Poller(String limit, long seed) {
    this.limiter = new LocalRateLimiter(RateLimit.parse(limit).orElseThrow(), clock::get);
    this.random = new Random(seed);
  }

  /** A number of ms from {@code -most} to {@code most}. */
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

  int keys() {
    return limiter.size();
  }

  /**
   * Polls at moments that are given in ms, each a while on its way.
   *
   * @param moments when the n-th poll leaves; never before the one before it
   * @param mostOnTheWay how long a poll may be on its way, in ms
   * @return how many were refused
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
