package dev.pulso.local.database;

/** One way of coming to a MongoDB did not work. The message completes "mongod on the PATH: ...". */
public final class NotThisWayException extends Exception {
  private static final long serialVersionUID = 1L;

  NotThisWayException(String reason) {
    super(reason);
  }

  NotThisWayException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
