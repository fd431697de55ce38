package dev.pulso.config;

/**
 * Thrown when nothing says where the database is, or what says it can't be read or understood. The
 * message is never made of what was read.
 */
public final class MissingConnectionException extends RuntimeException {
  /** With what is missing. */
  public MissingConnectionException(String message) {
    super(message);
  }

  MissingConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
