package dev.pulso.cancel;

import com.mongodb.MongoException;
import dev.pulso.access.ForbiddenException;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Operators;
import dev.pulso.audit.Origin;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelOutcome.Cancelled;
import dev.pulso.cancel.CancelOutcome.StillCancelling;
import dev.pulso.log.Log;
import dev.pulso.mongo.Db;
import dev.pulso.overview.OverviewCache;
import dev.pulso.time.Deadline;
import java.util.Optional;

/** Cancels batches, for good. */
public final class CancelService {
  private final Batches batches;
  private final Operators operators;
  private final Fence fence;
  private final JobCanceller jobs;
  private final CancelCompletion completion;
  private final OverviewCache overviews;

  public CancelService(
      Db db,
      Batches batches,
      Operators operators,
      JobCanceller jobs,
      CancelCompletion completion,
      OverviewCache overviews) {
    this.batches = batches;
    this.operators = operators;
    this.fence = new Fence(db, batches, new AuditLog(db));
    this.jobs = jobs;
    this.completion = completion;
    this.overviews = overviews;
  }

  /**
   * Cancels a batch, or helps a cancel of it that is under way. Whatever happens after the fence is
   * set, upkeep carries the rest through.
   *
   * @throws BatchNotFoundException when there is no such batch
   * @throws ForbiddenException when the caller may not cancel
   */
  public CancelOutcome cancel(
      BatchAddress address, Optional<String> reason, Origin origin, Deadline deadline) {
    Batch batch = batches.find(address).orElseThrow(BatchNotFoundException::new);
    operators.admit(batch, AuditAction.CANCEL_DENIED, origin);
    if (!batch.isCancelled() && fence.set(batch, reason, origin)) {
      return carryThrough(batch, reason, origin, deadline);
    }
    Batch cancelled = batches.find(batch.id()).orElseThrow(BatchNotFoundException::new);
    Optional<String> first = cancelled.cancellationReason();
    boolean isOpen =
        cancelled.isCancelOpen() || cancelled.batchId().filter(jobs::isAnyWaiting).isPresent();
    return isOpen ? carryThrough(cancelled, first, origin, deadline) : new Cancelled(first);
  }

  private CancelOutcome carryThrough(
      Batch batch, Optional<String> reason, Origin origin, Deadline deadline) {
    try {
      return completion.complete(batch, reason, deadline)
          ? new Cancelled(reason)
          : new StillCancelling(reason);
    } catch (MongoException e) {
      // The fence is set: to say that it failed would be wrong, however much is left to upkeep.
      Log.failure("cancel", origin.requestId(), "CANCEL_CUT_OFF", e);
      return new StillCancelling(reason);
    } finally {
      overviews.forget(batch.accountId());
    }
  }
}
