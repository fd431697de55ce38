package dev.pulso.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Splits claims into values. An HTTP API passes every claim as a string, an array as {@code [a b]}.
 * A space between two values then looks like a space inside a value.
 */
final class ClaimValues {
  private static final String SPACE = "\\s+";
  private static final JsonFactory JSON = new JsonFactory();

  private ClaimValues() {}

  /**
   * Returns the values of a claim that people may have written: {@code a b}, {@code a,b} or JSON;
   * none if it is missing.
   */
  static Set<String> of(String claim) {
    Set<String> values = texts(claim).orElseGet(() -> listed(claim));
    values.remove("");
    return values;
  }

  private static Set<String> listed(String claim) {
    Set<String> values = new HashSet<>();
    split(claim, "[\\s,]+").forEach(value -> values.add(unquoted(value)));
    return values;
  }

  /** Returns the texts of a JSON array of texts; empty if the claim is none. */
  private static Optional<Set<String>> texts(String claim) {
    Set<String> texts = new HashSet<>();
    try (JsonParser json = JSON.createParser(claim == null ? "" : claim)) {
      boolean isArray = json.nextToken() == JsonToken.START_ARRAY;
      while (isArray && json.nextToken() == JsonToken.VALUE_STRING) {
        texts.add(json.getText());
      }
      boolean isWhole = json.currentToken() == JsonToken.END_ARRAY && json.nextToken() == null;
      return isWhole ? Optional.of(texts) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns scopes or group names. Only spaces separate them, because a name may contain a comma or
   * a quote and must not become two.
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
