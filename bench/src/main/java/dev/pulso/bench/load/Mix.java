package dev.pulso.bench.load;

/** Scatters numbers, always in the same way. */
final class Mix {
  private Mix() {}

  static long of(long number) {
    long z = (number + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number below the bound. */
  static int below(int bound, long number) {
    return (int) Math.floorMod(of(number), (long) bound);
  }
}
