package dev.pulso.access;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of polls per window.
 *
 * @param polls polls within a window
 * @param window length of a window; whole seconds
 */
public record RateLimit(int polls, Duration window) {
  private static final String OFF = "off";
  private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})s");

  /**
   * Parses {@code 1/5s} (one poll per 5 seconds) or {@code off}.
   *
   * @return empty for {@code off}
   * @throws IllegalArgumentException when the text is neither
   */
  public static Optional<RateLimit> parse(String text) {
    if (text.equals(OFF)) {
      return Optional.empty();
    }
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("must be like 1/5s");
    }
    return Optional.of(
        new RateLimit(
            Integer.parseInt(parts.group(1)),
            Duration.ofSeconds(Integer.parseInt(parts.group(2)))));
  }
}
