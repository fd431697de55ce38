package dev.pulso.bench;

import java.util.List;
import java.util.Optional;

/**
 * The options of a run.
 *
 * @param jobs size of the installation
 * @param only the only suite to run; empty for all but the soak
 * @param minutes duration of the soak
 */
record Options(long jobs, Optional<String> only, int minutes) {
  static final List<String> SUITES =
      List.of(
          "status",
          "overview",
          "batches",
          "pages",
          "list",
          "recount",
          "cancel",
          "operations",
          "coldstart",
          "connections",
          "access",
          "soak");

  static final String USAGE =
      """
      usage: bench/run [--jobs N] [--only SUITE] [--minutes M]

        --jobs N       size of the installation (default 1000000); the overview is also measured
                       at smaller sizes
        --only SUITE   status, overview, batches, pages, list, recount, cancel, operations,
                       coldstart, connections, access or soak; without it all run but the soak
        --minutes M    how long the soak lasts (default 10)

      Uses the server of MONGODB_URI, in databases whose names begin with pulso_bench, or starts
      one; its data stay under .pulso/bench for the next run.
      """;

  private static final int SMALLEST = 1_000;

  /**
   * Parses a command line.
   *
   * @throws IllegalArgumentException when it is invalid
   */
  static Options parse(List<String> arguments) {
    Options options = new Options(1_000_000, Optional.empty(), 10);
    for (int i = 0; i < arguments.size(); i += 2) {
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(arguments.get(i) + " needs a value, or is unknown");
      }
      options = options.with(arguments.get(i), arguments.get(i + 1));
    }
    return options;
  }

  boolean wants(String suite) {
    return only.map(suite::equals).orElse(!suite.equals("soak"));
  }

  private Options with(String option, String value) {
    return switch (option) {
      case "--jobs" -> new Options(number(option, value, SMALLEST), only, minutes);
      case "--only" -> new Options(jobs, Optional.of(suite(value)), minutes);
      case "--minutes" -> new Options(jobs, only, number(option, value, 1));
      default -> throw new IllegalArgumentException("unknown option " + option);
    };
  }

  private static String suite(String name) {
    if (!SUITES.contains(name)) {
      throw new IllegalArgumentException("--only must be one of " + String.join(", ", SUITES));
    }
    return name;
  }

  private static int number(String option, String text, int least) {
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least) {
      throw new IllegalArgumentException(option + " must be a whole number of at least " + least);
    }
    return Integer.parseInt(text);
  }
}
