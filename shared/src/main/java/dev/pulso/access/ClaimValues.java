package dev.pulso.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes a claim apart. An HTTP API passes every claim on as a string, an array as {@code [a b]}, in
 * which a space between two values is no different from one inside of a value.
 */
final class ClaimValues {
  private static final String SPACE = "\\s+";

  private ClaimValues() {}

  /**
   * Values as people write them into a user's profile as well: {@code a b}, {@code a,b}, JSON; none
   * of a missing claim.
   */
  static Set<String> of(String claim) {
    Set<String> values = new HashSet<>();
    split(claim, "[\\s,]+").forEach(value -> values.add(unquoted(value)));
    values.remove("");
    return values;
  }

  /**
   * Scopes, or names of groups, which only a space parts: a comma or a quote may stand in one, and
   * what somebody calls a group must not come out as two.
   */
  static Set<String> scopes(String claim) {
    return Set.copyOf(split(claim, SPACE));
  }

  private static Set<String> split(String claim, String separator) {
    Set<String> parts = new HashSet<>();
    if (claim == null) {
      return parts;
    }
    String text = claim.strip();
    if (text.startsWith("[") && text.endsWith("]") && text.length() > 1) {
      text = text.substring(1, text.length() - 1);
    }
    parts.addAll(List.of(text.split(separator)));
    parts.remove("");
    return parts;
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
