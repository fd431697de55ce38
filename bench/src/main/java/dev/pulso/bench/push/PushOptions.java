package dev.pulso.bench.push;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a run.
 *
 * @param seconds how long the connections are watched; each compared phase takes a thirtieth
 * @param connections number of WebSocket connections
 * @param changes job changes per second
 * @param batches number of batches that change all the time
 * @param kills how often the server is killed
 * @param only the only part to measure; empty: all
 */
record PushOptions(
    int seconds, int connections, int changes, int batches, int kills, Optional<Part> only) {

  /** Parts of the measurement, in their order. */
  enum Part {
    COMPARE,
    WATCH,
    KILLS
  }

  static final String USAGE =
      """
      usage: bench/push [--seconds N] [--connections N] [--changes N] [--batches N] [--kills N]
                        [--only PART]

        --seconds N      how long latency and memory are watched (default 600); the five phases
                         before it, which compare the work of the database, take a thirtieth each
        --connections N  WebSocket connections with one subscription each (default 2000)
        --changes N      job changes per second (default 500)
        --batches N      batches of 400 jobs over which they are spread (default 200)
        --kills N        how often the server is killed at the end (default 3)
        --only PART      compare, watch or kills: only the work of the database, latency and memory,
                         or the return of the clients; kills take about a minute

      Starts mongod itself (MONGOD, else that of the PATH or a fetched one) and ends whatever it started.
      """;

  private static final String ONLY = "--only";

  private static final Map<String, Integer> DEFAULTS =
      Map.of(
          "--seconds", 600,
          "--connections", 2_000,
          "--changes", 500,
          "--batches", 200,
          "--kills", 3);

  /**
   * Parses a command line.
   *
   * @throws IllegalArgumentException when it is invalid
   */
  static PushOptions parse(List<String> arguments) {
    Map<String, Integer> values = new HashMap<>(DEFAULTS);
    Optional<Part> only = Optional.empty();
    Set<String> known = DEFAULTS.keySet();
    for (int i = 0; i < arguments.size(); i += 2) {
      String option = arguments.get(i);
      if (option.equals(ONLY)) {
        only = Optional.of(part(arguments.subList(i + 1, arguments.size())));
        continue;
      }
      if (!known.contains(option)) {
        throw new IllegalArgumentException("unknown option " + option);
      }
      if (i + 1 == arguments.size() || !arguments.get(i + 1).matches("[1-9]\\d{0,5}")) {
        throw new IllegalArgumentException(option + " needs a whole number of at least 1");
      }
      values.put(option, Integer.parseInt(arguments.get(i + 1)));
    }
    return new PushOptions(
        values.get("--seconds"),
        values.get("--connections"),
        values.get("--changes"),
        values.get("--batches"),
        values.get("--kills"),
        only);
  }

  private static Part part(List<String> rest) {
    return Arrays.stream(Part.values())
        .filter(part -> !rest.isEmpty() && part.name().equalsIgnoreCase(rest.getFirst()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(ONLY + " needs compare, watch or kills"));
  }

  /** Returns whether a part is measured. */
  boolean does(Part part) {
    return only.isEmpty() || only.get() == part;
  }
}
