package dev.pulso.access;

import java.util.HashSet;
import java.util.Set;

/**
 * Takes a claim apart. An HTTP API passes every claim on as a string: an array becomes {@code [a
 * b]}; some issuers write {@code a b} or {@code a,b} themselves, or JSON.
 */
final class ClaimValues {
  private ClaimValues() {}

  /** The values of a claim; none of a missing one. */
  static Set<String> of(String claim) {
    Set<String> values = new HashSet<>();
    if (claim == null) {
      return values;
    }
    String text = claim.strip();
    if (text.startsWith("[") && text.endsWith("]") && text.length() > 1) {
      text = text.substring(1, text.length() - 1);
    }
    for (String value : text.split("[\\s,]+")) {
      String bare = unquoted(value);
      if (!bare.isEmpty()) {
        values.add(bare);
      }
    }
    return values;
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }
}
