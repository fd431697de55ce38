package dev.pulso.operations;

import dev.pulso.batch.AuditAction;
import dev.pulso.batch.Batch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an operation does to each of its batches: the same as the route of one batch. */
public enum BatchAction {
  CANCEL(AuditAction.CANCEL_DENIED),
  PAUSE(AuditAction.PAUSE_DENIED),
  RESUME(AuditAction.RESUME_DENIED);

  private final AuditAction denied;

  BatchAction(AuditAction denied) {
    this.denied = denied;
  }

  /** Returns the action with this name; empty if there is none. */
  public static Optional<BatchAction> of(String name) {
    return Arrays.stream(values()).filter(action -> action.value().equals(name)).findFirst();
  }

  /** Returns its name in requests, answers and the database. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the audit action of a refused attempt. */
  AuditAction denied() {
    return denied;
  }

  /** Returns whether it would change this batch. */
  boolean changes(Batch batch) {
    return switch (this) {
      case CANCEL -> !batch.isCancelled();
      case PAUSE -> batch.isActive();
      case RESUME -> !batch.isCancelled() && !batch.isActive();
    };
  }
}
