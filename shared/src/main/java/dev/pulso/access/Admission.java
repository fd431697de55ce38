package dev.pulso.access;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a limiter says of one poll.
 *
 * @param isAdmitted whether it passes
 * @param limit what was agreed
 * @param remaining how many more pass now
 * @param untilMore how long it takes until more than those pass
 */
public record Admission(boolean isAdmitted, RateLimit limit, long remaining, Duration untilMore) {

  /**
   * Of a poll that met ones which are paid for until {@code ahead} ns from now, itself included if
   * it was admitted.
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
   * What the answer says of it: {@code RateLimit-Policy} and {@code RateLimit} as
   * draft-ietf-httpapi-ratelimit-headers-11 has them, and {@code Retry-After} when it did not pass.
   * More than the limit says is let through at times, but never announced.
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

  /** Whole ones, never less than it takes. */
  private long seconds() {
    return Math.max(1, untilMore.plusMillis(999).toSeconds());
  }
}
