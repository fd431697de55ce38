package dev.pulso.access;

import java.util.Optional;

/**
 * Where a request came from.
 *
 * @param actor the caller's subject, if it is known
 * @param sourceIp the caller's address
 * @param requestId the request's id, by which logs are found
 */
public record Origin(
    Optional<String> actor, Optional<String> sourceIp, Optional<String> requestId) {
  /** Nobody knows. */
  public static final Origin NONE =
      new Origin(Optional.empty(), Optional.empty(), Optional.empty());
}
