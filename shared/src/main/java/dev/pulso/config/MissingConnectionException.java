package dev.pulso.config;

/** Thrown when nothing says where the database is, or the secret that says it can't be read. */
public final class MissingConnectionException extends RuntimeException {
  MissingConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
