package dev.pulso.local.server.http;

import java.time.Duration;
import java.util.Optional;

/**
 * When a WebSocket connection ends by itself.
 *
 * @param idle after so long without a message in either direction; empty: never
 * @param longest after so long in any case; empty: never
 */
public record SocketLimits(Optional<Duration> idle, Optional<Duration> longest) {
  public static final SocketLimits NONE = new SocketLimits(Optional.empty(), Optional.empty());

  /** Those of API Gateway. */
  public static final SocketLimits GATEWAY =
      new SocketLimits(Optional.of(Duration.ofMinutes(10)), Optional.of(Duration.ofHours(2)));
}
