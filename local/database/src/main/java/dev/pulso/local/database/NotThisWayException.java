package dev.pulso.local.database;

/**
 * Thrown when one attempt to find or start a server failed. The message completes "mongod on the
 * PATH: ...".
 */
public final class NotThisWayException extends Exception {
  private static final long serialVersionUID = 1L;

  NotThisWayException(String reason) {
    super(reason);
  }

  NotThisWayException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
