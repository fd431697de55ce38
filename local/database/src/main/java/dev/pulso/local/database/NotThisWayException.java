package dev.pulso.local.database;

/**
 * Thrown when one attempt to find or start a server failed. The message completes "mongod on the
 * PATH: ...".
 */
public final class NotThisWayException extends Exception {
  NotThisWayException(String reason) {
    super(reason);
  }

  NotThisWayException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
