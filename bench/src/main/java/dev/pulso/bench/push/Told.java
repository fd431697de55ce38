package dev.pulso.bench.push;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a message is held against the truth.
 *
 * @param version 0 in answers
 * @param state of a batch
 * @param counters of a batch
 */
record Told(String type, long version, Optional<String> state, Optional<Counters> counters) {
  private static final Pattern TYPE = Pattern.compile("^\\{\"type\":\"([a-z.]+)\"");
  private static final Pattern VERSION = Pattern.compile("\"version\":([0-9]+)");
  private static final Pattern STATE = Pattern.compile("\"state\":\"([a-z]+)\"");
  private static final Pattern COUNTERS =
      Pattern.compile(
          "\"pending_jobs\":([0-9]+),\"completed_jobs\":([0-9]+),\"failed_jobs\":([0-9]+)");

  record Counters(long pending, long completed, long failed) {}

  static Told of(String text) {
    return new Told(
        group(TYPE, text).orElse(""),
        group(VERSION, text).map(Long::parseLong).orElse(0L),
        group(STATE, text),
        Optional.of(COUNTERS.matcher(text)).filter(Matcher::find).map(Told::counters));
  }

  private static Counters counters(Matcher found) {
    return new Counters(
        Long.parseLong(found.group(1)),
        Long.parseLong(found.group(2)),
        Long.parseLong(found.group(3)));
  }

  private static Optional<String> group(Pattern pattern, String text) {
    return Optional.of(pattern.matcher(text)).filter(Matcher::find).map(found -> found.group(1));
  }
}
