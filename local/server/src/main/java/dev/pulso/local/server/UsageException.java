package dev.pulso.local.server;

/** Thrown when the command line is invalid. The message is for the user. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
