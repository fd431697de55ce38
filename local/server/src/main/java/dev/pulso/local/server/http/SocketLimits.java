package dev.pulso.local.server.http;

import java.time.Duration;
import java.util.Optional;

/**
 * When a WebSocket connection ends by itself.
 *
 * @param idle after so long without a message in either direction; empty: never
 * @param longest after so long in any case: the database forgets it a little later
 */
public record SocketLimits(Optional<Duration> idle, Duration longest) {
  /** Those of API Gateway. */
  public static final SocketLimits GATEWAY =
      new SocketLimits(Optional.of(Duration.ofMinutes(10)), Duration.ofHours(2));

  public static final SocketLimits NEVER_IDLE =
      new SocketLimits(Optional.empty(), GATEWAY.longest());
}
