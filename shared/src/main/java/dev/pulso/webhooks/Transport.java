package dev.pulso.webhooks;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends deliveries over HTTP. Safe for use by several threads. */
public interface Transport {
  /** Time for a whole attempt: name, connection, request and answer. */
  Duration LIMIT = Duration.ofSeconds(20);

  /**
   * Posts a body, and follows no redirect.
   *
   * @throws FailedException when there is no answer
   */
  Answer post(String url, Map<String, String> headers, String body) throws FailedException;

  /**
   * The answer of a receiver.
   *
   * @param retryAfter header {@code Retry-After}
   * @param date header {@code Date}
   */
  record Answer(int status, Optional<String> retryAfter, Optional<String> date) {}

  /** Thrown when a receiver gave no answer. */
  final class FailedException extends Exception {
    /**
     * @param reason a word that its owner sees, such as {@code timeout}
     */
    public FailedException(String reason) {
      super(reason);
    }
  }
}
