package dev.pulso.bench.push;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Millions of latencies, counted by the millisecond. */
final class Latencies {
  private static final int LONGEST_MS = 120_000;
  private static final double NANOS_PER_MS = 1e6;

  private final AtomicLongArray counts = new AtomicLongArray(LONGEST_MS + 1);
  private final AtomicLong count = new AtomicLong();

  void add(long nanos) {
    counts.incrementAndGet(Math.clamp(Math.round(nanos / NANOS_PER_MS), 0, LONGEST_MS));
    count.incrementAndGet();
  }

  long count() {
    return count.get();
  }

  /** Returns a percentile in seconds; NaN without latencies. */
  double percentile(double percent) {
    long wanted = Math.max(1, (long) Math.ceil(percent / 100 * count.get()));
    long seen = 0;
    for (int ms = 0; ms <= LONGEST_MS; ms++) {
      seen += counts.get(ms);
      if (seen >= wanted) {
        return ms / 1e3;
      }
    }
    return Double.NaN;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.2f s, p95 %.2f s, p99 %.2f s, max %.2f s (%,d)",
        percentile(50),
        percentile(95),
        percentile(99),
        percentile(100),
        count());
  }
}
