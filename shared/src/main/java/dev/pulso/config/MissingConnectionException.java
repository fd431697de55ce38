package dev.pulso.config;

/**
 * Thrown when the connection string, or a key of webhooks, is missing, unreadable or invalid. The
 * message never contains what was read.
 */
public final class MissingConnectionException extends RuntimeException {
  public MissingConnectionException(String message) {
    super(message);
  }

  MissingConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
