package dev.pulso.audit;

import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.batch.Batch;

/** Lets those through who may operate batches, and writes down who else tried. */
public final class Operators {
  private final Caller caller;
  private final AuditLog auditLog;

  public Operators(Caller caller, AuditLog auditLog) {
    this.caller = caller;
    this.auditLog = auditLog;
  }

  /**
   * Returns for a caller who may change this batch, which the caller can see.
   *
   * @param attempt what to write down if the caller may not
   * @throws ForbiddenException when the caller may not; the attempt is in the audit log then
   */
  public void admit(Batch batch, AuditAction attempt, Origin origin) {
    if (!caller.mayOperate()) {
      auditLog.writeAttempt(attempt, batch, origin);
      throw new ForbiddenException();
    }
  }
}
