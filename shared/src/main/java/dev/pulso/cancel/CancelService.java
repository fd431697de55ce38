package dev.pulso.cancel;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.AuditAction;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.cancel.CancelOutcome.Cancelled;
import dev.pulso.cancel.CancelOutcome.StillCancelling;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;

/** Cancels batches permanently. */
public final class CancelService {
  /**
   * Time limit of a repeated cancel, reads included, so that it does not wait for the lease of a
   * dead process.
   */
  private static final Duration AGAIN = Duration.ofSeconds(4);

  private final Batches batches;
  private final AuditLog auditLog;
  private final CancellationMarkers markers;
  private final JobCanceller jobs;
  private final CancelCompletion completion;

  public CancelService(
      Batches batches,
      AuditLog auditLog,
      CancellationMarkers markers,
      JobCanceller jobs,
      CancelCompletion completion) {
    this.batches = batches;
    this.auditLog = auditLog;
    this.markers = markers;
    this.jobs = jobs;
    this.completion = completion;
  }

  /**
   * Cancels a batch, or continues a cancel in progress. Once the marker is set, upkeep completes
   * the cancel whatever happens here.
   *
   * @throws BatchNotFoundException when no visible batch has this address
   * @throws ForbiddenException when the caller lacks the scope
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
    Optional<Long> earlier =
        found.batchId().isPresent() && found.time(BatchFields.CANCELLED_AT).isEmpty()
            ? jobs.countCancelled(found.batchId().get(), Deadline.in(JobCanceller.FOR_A_FIGURE))
            : Optional.empty();
    Optional<Batch> marked = markers.set(visible, found, reason, origin, earlier);
    if (marked.isPresent()) {
      return carryThrough(marked.get(), origin, deadline);
    }
    Batch batch = batches.find(visible, found.id()).orElseThrow(BatchNotFoundException::new);
    return batch.isCancelled()
        ? carryThrough(batch, origin, again)
        // Another program has just written the batch back as it was before the cancel.
        : cancel(caller, address, reason, origin, deadline);
  }

  private CancelOutcome carryThrough(Batch batch, Origin origin, Deadline deadline) {
    try {
      return complete(batch, deadline);
    } catch (RuntimeException e) {
      // The marker is set, so the cancel is accepted. An error would be wrong; upkeep does the
      // rest.
      Log.failure("cancel", origin.requestId(), "CANCEL_CUT_OFF", e);
      return new StillCancelling(batch.cancellationReason());
    }
  }

  private CancelOutcome complete(Batch batch, Deadline deadline) {
    if (!isOpen(batch)) {
      return new Cancelled(markers.deliver(batch));
    }
    return completion.complete(batch, deadline);
  }

  private boolean isOpen(Batch batch) {
    return batch.isCancelOpen() || batch.batchId().filter(jobs::isAnyWaiting).isPresent();
  }
}
