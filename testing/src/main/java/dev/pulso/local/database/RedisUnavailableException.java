package dev.pulso.local.database;

/** There is no Redis to test with. The message says what was tried and what to do. */
public final class RedisUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisUnavailableException(String message) {
    super(message);
  }
}
