package dev.pulso.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command line of options with a number each.
 *
 * @param numbers by their options
 * @param only the only part to run; empty for all
 */
public record Arguments(Map<String, Long> numbers, Optional<String> only) {

  /**
   * Reads a command line. Prints the usage and exits, if it asks for that or is wrong.
   *
   * @param defaults numbers of all options
   * @param parts what {@code --only} may name
   */
  public static Arguments of(
      String usage, Map<String, Long> defaults, Collection<String> parts, String... arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.print(usage);
      System.exit(0);
    }
    Map<String, Long> numbers = new HashMap<>(defaults);
    Optional<String> only = Optional.empty();
    for (int i = 0; i < arguments.length; i += 2) {
      String option = arguments[i];
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      if (option.equals("--only") && parts.contains(value)) {
        only = Optional.of(value);
      } else if (defaults.containsKey(option) && value.matches("[1-9]\\d{0,17}")) {
        numbers.put(option, Long.parseLong(value));
      } else {
        System.err.printf("\"%s %s\" is not possible.%n%n%s", option, value, usage);
        System.exit(2);
      }
    }
    return new Arguments(numbers, only);
  }

  public long number(String option) {
    return numbers.get(option);
  }

  public int count(String option) {
    return Math.toIntExact(number(option));
  }

  /** Returns whether a part is to run. */
  public boolean wants(String part) {
    return only.isEmpty() || only.get().equals(part);
  }
}
