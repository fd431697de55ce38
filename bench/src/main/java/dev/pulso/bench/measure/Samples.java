package dev.pulso.bench.measure;

import java.util.Arrays;

/**
 * How long something took, run after run.
 *
 * @param sorted times in ns, ascending; at least one
 */
public record Samples(long[] sorted) {

  /** Samples of these times in ns, in any order. */
  public static Samples of(long[] times) {
    if (times.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  /** The median in ms. */
  public double median() {
    return percentile(50);
  }

  /** A percentile in ms. */
  public double percentile(double percent) {
    int index = (int) Math.ceil(percent / 100 * sorted.length) - 1;
    return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
  }

  /** The mean in ms. */
  public double mean() {
    return Arrays.stream(sorted).average().orElseThrow() / 1e6;
  }

  /** How many runs there were. */
  public int runs() {
    return sorted.length;
  }
}
