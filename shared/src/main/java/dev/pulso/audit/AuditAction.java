package dev.pulso.audit;

/** What is audited. */
public enum AuditAction {
  BATCH_CANCELLED("batch.cancelled"),
  BATCH_PAUSED("batch.paused"),
  BATCH_RESUMED("batch.resumed");

  private final String value;

  AuditAction(String value) {
    this.value = value;
  }

  /** The value of the field {@code action}. */
  public String value() {
    return value;
  }
}
