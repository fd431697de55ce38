package dev.pulso.bench.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be measured.
 *
 * @param jobs size of the installation
 * @param only the one measurement that is wanted; empty: all but the long ones
 * @param out where the growth curves go
 * @param minutes how long the soak lasts
 */
public record Options(long jobs, Optional<String> only, Optional<Path> out, int minutes) {
  /** Every measurement. */
  public static final List<String> SUITES =
      List.of("overview", "batches", "status", "recount", "cancel", "coldstart", "access", "soak");

  public static final String USAGE =
      """
      usage: bench/run [--jobs N] [--only SUITE] [--out FILE] [--minutes M]

        --jobs N       size of the installation (default 1000000); the overview is measured at
                       smaller ones too, for the growth curves
        --only SUITE   overview, batches, status, recount, cancel, coldstart, access or soak;
                       without it all of them run but soak
        --out FILE     draws the growth curves there, as SVG
        --minutes M    how long the soak lasts (default 10)

      Uses the server of MONGODB_URI, in databases whose names begin with pulso_bench, or starts
      one; its data stay under .pulso/bench for the next run.
      """;

  private static final int SMALLEST = 1_000;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Options parse(List<String> arguments) {
    long jobs = 1_000_000;
    Optional<String> only = Optional.empty();
    Optional<Path> out = Optional.empty();
    int minutes = 10;
    for (int i = 0; i < arguments.size(); i += 2) {
      String option = arguments.get(i);
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(option + " needs a value, or is not known");
      }
      String value = arguments.get(i + 1);
      switch (option) {
        case "--jobs" -> jobs = number(option, value, SMALLEST);
        case "--only" -> only = Optional.of(suite(value));
        case "--out" -> out = Optional.of(Path.of(value));
        case "--minutes" -> minutes = (int) number(option, value, 1);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new Options(jobs, only, out, minutes);
  }

  /** Whether a measurement is to be made. */
  public boolean wants(String suite) {
    return only.map(suite::equals).orElse(!"soak".equals(suite));
  }

  private static String suite(String name) {
    if (!SUITES.contains(name)) {
      throw new IllegalArgumentException("--only takes one of " + String.join(", ", SUITES));
    }
    return name;
  }

  private static long number(String option, String text, long least) {
    try {
      long number = Long.parseLong(text.replace("_", ""));
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " takes a whole number, not " + text, e);
    }
    throw new IllegalArgumentException(option + " takes a whole number from " + least + " on");
  }
}
