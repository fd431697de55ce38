package dev.pulso.access;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A limiter's decision about one poll.
 *
 * @param isAdmitted whether the poll passes
 * @param limit the configured limit
 * @param remaining how many more polls pass now
 * @param untilMore time until more than {@code remaining} pass
 */
public record Admission(boolean isAdmitted, RateLimit limit, long remaining, Duration untilMore) {

  /**
   * Returns the decision about a poll when the polls so far are paid for until {@code ahead} ns
   * from now, including this one if it is admitted.
   */
  public static Admission of(RateLimit limit, boolean isAdmitted, long ahead) {
    Pace pace = Pace.of(limit);
    long remaining = Math.min(limit.polls(), pace.remaining(ahead));
    return new Admission(
        isAdmitted,
        limit,
        remaining,
        remaining < limit.polls() ? pace.until(remaining + 1, ahead) : limit.window());
  }

  /**
   * Returns the headers {@code RateLimit-Policy} and {@code RateLimit} of
   * draft-ietf-httpapi-ratelimit-headers-11, and {@code Retry-After} for a rejected poll. They
   * never announce more than the limit, though more may pass at times.
   */
  public Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>();
    headers.put(
        "RateLimit-Policy", "\"default\";q=" + limit.polls() + ";w=" + limit.window().toSeconds());
    headers.put("RateLimit", "\"default\";r=" + remaining + ";t=" + seconds());
    if (!isAdmitted) {
      headers.put("Retry-After", "" + seconds());
    }
    return headers;
  }

  /** Rounded up to whole seconds. */
  private long seconds() {
    return Math.max(1, untilMore.plusMillis(999).toSeconds());
  }
}
