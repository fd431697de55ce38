package dev.pulso.cancel;

import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Origin;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelOutcome.Cancelled;
import dev.pulso.cancel.CancelOutcome.StillCancelling;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.Optional;

/** Cancels batches, for good. */
public final class CancelService {
  private final Batches batches;
  private final Fence fence;
  private final JobCanceller jobs;
  private final CancelCompletion completion;

  public CancelService(Db db, Batches batches, JobCanceller jobs, CancelCompletion completion) {
    this.batches = batches;
    this.fence = new Fence(db, new AuditLog(db));
    this.jobs = jobs;
    this.completion = completion;
  }

  /**
   * Cancels a batch, or helps a cancel of it that is under way. Whatever happens after the fence is
   * set, upkeep carries the rest through.
   *
   * @throws BatchNotFoundException when there is no such batch
   */
  public CancelOutcome cancel(
      BatchAddress address, Optional<String> reason, Origin origin, Deadline deadline) {
    Batch batch = batches.find(address).orElseThrow(BatchNotFoundException::new);
    Optional<String> first = reason;
    boolean open = true;
    if (batch.isCancelled() || !fence.set(batch, reason, origin)) {
      batch = batches.find(batch.id()).orElseThrow(BatchNotFoundException::new);
      first = batch.cancellationReason();
      open = batch.isCancelOpen() || batch.batchId().filter(jobs::isAnyWaiting).isPresent();
    }
    return !open || completion.complete(batch, first, deadline)
        ? new Cancelled(first)
        : new StillCancelling(first);
  }
}
