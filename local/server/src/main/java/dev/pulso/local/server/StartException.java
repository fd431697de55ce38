package dev.pulso.local.server;

/** Thrown when the server cannot start. The message says why and what to do. */
final class StartException extends RuntimeException {
  StartException(String message) {
    super(message);
  }

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
