package dev.pulso.local.database;

/**
 * Thrown when no Redis is available for tests. The message lists the attempts and says what to do.
 */
public final class RedisUnavailableException extends RuntimeException {
  RedisUnavailableException(String message) {
    super(message);
  }
}
