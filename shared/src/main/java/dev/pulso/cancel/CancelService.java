package dev.pulso.cancel;

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
import dev.pulso.cancel.CancelOutcome.Cancelled;
import dev.pulso.cancel.CancelOutcome.StillCancelling;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Cancels batches, for good. */
public final class CancelService {
  /** Whoever cancels again does not wait for the lease of somebody who died: reads included. */
  private static final Duration AGAIN = Duration.ofSeconds(4);

  private final Batches batches;
  private final AuditLog auditLog;
  private final Fence fence;
  private final JobCanceller jobs;
  private final CancelCompletion completion;

  public CancelService(
      Batches batches,
      AuditLog auditLog,
      Fence fence,
      JobCanceller jobs,
      CancelCompletion completion) {
    this.batches = batches;
    this.auditLog = auditLog;
    this.fence = fence;
    this.jobs = jobs;
    this.completion = completion;
  }

  /**
   * Cancels a batch, or helps a cancel of it that is under way. Whatever happens after the fence is
   * set, upkeep carries the rest through.
   *
   * @throws BatchNotFoundException when there is no such batch
   * @throws ForbiddenException when the caller may not cancel
   */
  public CancelOutcome cancel(
      Caller caller,
      BatchAddress address,
      Optional<String> reason,
      Origin origin,
      Deadline deadline) {
    Deadline again = deadline.orIn(AGAIN);
    Accounts visible = caller.accounts();
    Batch found = batches.find(visible, address).orElseThrow(BatchNotFoundException::new);
    auditLog.admit(caller, AuditAction.CANCEL_DENIED, found, origin);
    OptionalLong earlier =
        found.batchId().isPresent() && found.time(BatchFields.CANCELLED_AT).isEmpty()
            ? jobs.countCancelled(found.batchId().get())
            : OptionalLong.empty();
    Optional<Batch> fenced = fence.set(visible, found, reason, origin, earlier);
    if (fenced.isPresent()) {
      return carryThrough(fenced.get(), origin, deadline);
    }
    Batch batch = batches.find(visible, found.id()).orElseThrow(BatchNotFoundException::new);
    return batch.isCancelled()
        ? carryThrough(batch, origin, again)
        // Somebody wrote it back as it was before, just now.
        : cancel(caller, address, reason, origin, deadline);
  }

  private CancelOutcome carryThrough(Batch batch, Origin origin, Deadline deadline) {
    try {
      return complete(batch, deadline);
    } catch (RuntimeException e) {
      // The fence is set: to say that it failed would be wrong, however much is left to upkeep.
      Log.failure("cancel", origin.requestId(), "CANCEL_CUT_OFF", e);
      return new StillCancelling(batch.cancellationReason());
    }
  }

  private CancelOutcome complete(Batch batch, Deadline deadline) {
    if (!isOpen(batch)) {
      return new Cancelled(fence.deliver(batch));
    }
    Optional<String> reason = fence.audit(batch);
    return completion.complete(batch, reason, deadline)
        ? new Cancelled(reason)
        : new StillCancelling(reason);
  }

  private boolean isOpen(Batch batch) {
    return batch.isCancelOpen() || batch.batchId().filter(jobs::isAnyWaiting).isPresent();
  }
}
