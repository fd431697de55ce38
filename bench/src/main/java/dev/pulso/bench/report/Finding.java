package dev.pulso.bench.report;

import java.util.Optional;

/**
 * Something that was found out: a ratio, a figure, a fact.
 *
 * @param suite which measurement it belongs to
 * @param jobs size of the installation
 * @param what what it is about
 * @param value what came out
 * @param reach what was to be reached, if anything was
 * @param reached whether it was; true where there was nothing to reach
 */
public record Finding(
    String suite, long jobs, String what, String value, Optional<String> reach, boolean reached) {

  /** "At least so many times as fast". */
  public static Finding atLeast(String suite, long jobs, String what, double ratio, double least) {
    return new Finding(
        suite, jobs, what, times(ratio), Optional.of("at least " + times(least)), ratio >= least);
  }

  /** "At most so many times as long". */
  public static Finding atMost(String suite, long jobs, String what, double ratio, double most) {
    return new Finding(
        suite, jobs, what, times(ratio), Optional.of("at most " + times(most)), ratio <= most);
  }

  /** A figure that is to stay under a bound. */
  public static Finding atMost(
      String suite, long jobs, String what, double value, double most, String unit) {
    return new Finding(
        suite,
        jobs,
        what,
        "%.2f %s".formatted(value, unit),
        Optional.of("at most %s %s".formatted(plain(most), unit)),
        value <= most);
  }

  /** A figure that is to come over a bound. */
  public static Finding atLeast(
      String suite, long jobs, String what, double value, double least, String unit) {
    return new Finding(
        suite,
        jobs,
        what,
        "%,.0f %s".formatted(value, unit),
        Optional.of("at least %,.0f %s".formatted(least, unit)),
        value >= least);
  }

  /** Something that has to be so. */
  public static Finding must(String suite, long jobs, String what, boolean holds) {
    return new Finding(suite, jobs, what, holds ? "yes" : "no", Optional.of("yes"), holds);
  }

  /** Something that is merely worth knowing. */
  public static Finding note(String suite, long jobs, String what, String value) {
    return new Finding(suite, jobs, what, value, Optional.empty(), true);
  }

  private static String times(double ratio) {
    return "%s times".formatted(ratio >= 20 ? "%,.0f".formatted(ratio) : plain(ratio));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : "%.2f".formatted(value);
  }
}
