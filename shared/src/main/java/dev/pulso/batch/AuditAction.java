package dev.pulso.batch;

/** The actions of audit entries. */
public enum AuditAction {
  BATCH_CANCELLED("batch.cancelled"),
  BATCH_PAUSED("batch.paused"),
  BATCH_RESUMED("batch.resumed"),
  /** A caller without the scope tried to cancel; the next two likewise. */
  CANCEL_DENIED("batch.cancel_denied"),
  PAUSE_DENIED("batch.pause_denied"),
  RESUME_DENIED("batch.resume_denied"),
  WEBHOOK_CREATED("webhook.created"),
  WEBHOOK_DELETED("webhook.deleted"),
  WEBHOOK_SECRET_ROTATED("webhook.secret_rotated"),
  /** A caller without the scope asked for webhooks, or to change one. */
  WEBHOOK_DENIED("webhook.denied");

  private final String value;

  AuditAction(String value) {
    this.value = value;
  }

  /** Returns the value of the field {@code action}. */
  public String value() {
    return value;
  }
}
