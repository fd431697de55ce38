package dev.pulso.access;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may be asked for.
 *
 * @param polls how often within a window
 * @param window how long a window is; whole seconds
 */
public record RateLimit(int polls, Duration window) {
  private static final String OFF = "off";
  private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,3})/([1-9][0-9]{0,3})s");

  /**
   * Reads {@code 1/5s} (once each 5 seconds) or {@code off}.
   *
   * @return empty for {@code off}
   * @throws IllegalArgumentException when it is neither
   */
  public static Optional<RateLimit> parse(String text) {
    if (text.equals(OFF)) {
      return Optional.empty();
    }
    Matcher parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not like 1/5s");
    }
    return Optional.of(
        new RateLimit(
            Integer.parseInt(parts.group(1)),
            Duration.ofSeconds(Integer.parseInt(parts.group(2)))));
  }
}
