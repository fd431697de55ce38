package dev.pulso.access;

import java.util.Optional;

/**
 * The origin of a request.
 *
 * @param actor the caller's subject, if known
 * @param sourceIp the caller's address, or that of a proxy before the gateway
 * @param requestId the gateway's request id, which logs contain
 */
public record Origin(
    Optional<String> actor, Optional<String> sourceIp, Optional<String> requestId) {
  /** Unknown. */
  public static final Origin NONE =
      new Origin(Optional.empty(), Optional.empty(), Optional.empty());
}
