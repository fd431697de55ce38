package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.Origin;
import dev.pulso.batch.AuditAction;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.observe.Log;
import java.util.Optional;

/** Pauses and resumes batches. Workers claim no jobs of a paused batch. */
public final class PauseService {
  private final Batches batches;
  private final AuditLog auditLog;
  private final CancellationMarkers markers;

  public PauseService(Batches batches, AuditLog auditLog, CancellationMarkers markers) {
    this.batches = batches;
    this.auditLog = auditLog;
    this.markers = markers;
  }

  /**
   * Makes a batch inactive.
   *
   * @throws BatchNotFoundException when no visible batch has this address
   * @throws ForbiddenException when the caller lacks the scope
   */
  public PauseOutcome pause(Caller caller, BatchAddress address, Origin origin) {
    Batch batch = found(caller, address, AuditAction.PAUSE_DENIED, origin);
    return setActive(caller.accounts(), batch, false, origin);
  }

  /**
   * Makes a batch active again.
   *
   * @throws BatchNotFoundException when no visible batch has this address
   * @throws ForbiddenException when the caller lacks the scope
   */
  public PauseOutcome resume(Caller caller, BatchAddress address, Origin origin) {
    Batch batch = found(caller, address, AuditAction.RESUME_DENIED, origin);
    return setActive(caller.accounts(), batch, true, origin);
  }

  private Batch found(Caller caller, BatchAddress address, AuditAction attempt, Origin origin) {
    Batch batch = batches.find(caller.accounts(), address).orElseThrow(BatchNotFoundException::new);
    auditLog.admit(caller, attempt, batch, origin);
    return batch;
  }

  private PauseOutcome setActive(Accounts visible, Batch batch, boolean active, Origin origin) {
    BatchSwitch change = new BatchSwitch(active);
    Optional<Batch> changed =
        batches.change(
            visible, and(eq(BatchFields.ID, batch.id()), change.filter()), change.fields(origin));
    Batch now =
        changed
            .or(() -> batches.find(visible, batch.id()))
            .orElseThrow(BatchNotFoundException::new);
    if (now.isCancelled()) {
      // Its outbox is left to those who may read the audit log, which knows the first cancel.
      return PauseOutcome.CANCELLED;
    }
    deliver(now, origin);
    return PauseOutcome.DONE;
  }

  private void deliver(Batch batch, Origin origin) {
    try {
      markers.deliver(batch);
    } catch (MongoException e) {
      // The batch is changed, so an error would be wrong; upkeep delivers the entry.
      Log.failure("pause", origin.requestId(), "AUDIT_LATER", e);
    }
  }
}
