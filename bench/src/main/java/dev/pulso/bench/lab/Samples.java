package dev.pulso.bench.lab;

import java.util.Arrays;
import java.util.List;

/**
 * Durations of repeated runs.
 *
 * @param sorted times in ns, ascending; at least one
 */
public record Samples(long[] sorted) {

  /** Returns samples of these times in ns, in any order. */
  public static Samples of(List<Long> times) {
    if (times.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    return new Samples(times.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** Runs a task, and returns its duration in ns. */
  public static long nanos(Runnable task) {
    long begun = System.nanoTime();
    task.run();
    return System.nanoTime() - begun;
  }

  /** Returns the median in ms. */
  public double median() {
    return percentile(50);
  }

  /** Returns a percentile in ms. */
  public double percentile(double percent) {
    int index = (int) Math.ceil(percent / 100 * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
  }

  /** Returns the mean in ms. */
  double mean() {
    return Arrays.stream(sorted).average().orElseThrow() / 1e6;
  }
}
