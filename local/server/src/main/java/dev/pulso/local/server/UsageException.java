package dev.pulso.local.server;

/** Thrown when the command line can't be meant; its message is for the one who typed it. */
final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
