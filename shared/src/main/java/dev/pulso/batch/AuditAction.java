package dev.pulso.batch;

/** What is audited. */
public enum AuditAction {
  BATCH_CANCELLED("batch.cancelled"),
  BATCH_PAUSED("batch.paused"),
  BATCH_RESUMED("batch.resumed"),
  /** Somebody wanted to cancel who may not; so for the next two. */
  CANCEL_DENIED("batch.cancel_denied"),
  PAUSE_DENIED("batch.pause_denied"),
  RESUME_DENIED("batch.resume_denied");

  private final String value;

  AuditAction(String value) {
    this.value = value;
  }

  /** The value of the field {@code action}. */
  public String value() {
    return value;
  }
}
