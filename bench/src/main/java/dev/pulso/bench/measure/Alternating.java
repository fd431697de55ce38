package dev.pulso.bench.measure;

/**
 * Measures two things that take microseconds call by call, changing places at each: only so do both
 * meet the same garbage collections, clock speeds and neighbours, and their ratio means something.
 */
public final class Alternating {
  private Alternating() {}

  /** Both, measured. */
  public record Pair(Samples first, Samples second) {}

  /**
   * @param warmUp calls of each before any is timed
   * @param calls calls of each that are timed
   */
  public static Pair run(Runnable first, Runnable second, int warmUp, int calls) {
    measure(first, second, warmUp);
    return measure(first, second, calls);
  }

  private static Pair measure(Runnable first, Runnable second, int calls) {
    long[] firsts = new long[calls];
    long[] seconds = new long[calls];
    for (int i = 0; i < calls; i++) {
      if (i % 2 == 0) {
        firsts[i] = Stopwatch.nanos(first);
        seconds[i] = Stopwatch.nanos(second);
      } else {
        seconds[i] = Stopwatch.nanos(second);
        firsts[i] = Stopwatch.nanos(first);
      }
    }
    return new Pair(Samples.of(firsts), Samples.of(seconds));
  }
}
