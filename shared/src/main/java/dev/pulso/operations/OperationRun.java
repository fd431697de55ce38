package dev.pulso.operations;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelsTogether;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * Carries operations through. Every part is safe to repeat, also by several processes at once; the
 * lease on an operation only saves work.
 */
public final class OperationRun {
  /** Audit entries that are delivered together. */
  private static final int CHUNK = 500;

  /** If the holder of a lease dies, nobody waits longer than this. */
  static final Duration LEASE = Duration.ofSeconds(5);

  private final Db db;
  private final OperationStore store;
  private final Fences fences;
  private final CancellationMarkers markers;
  private final OperationCancels cancels;
  private final AuditLog auditLog;

  public OperationRun(
      Db db,
      Batches batches,
      AuditLog auditLog,
      CancellationMarkers markers,
      JobCanceller jobs,
      CancelCompletion completion,
      Recounter recounter) {
    this.db = db;
    this.store = new OperationStore(db);
    this.fences = new Fences(db, jobs);
    this.markers = markers;
    this.cancels =
        new OperationCancels(
            db, batches, completion, new CancelsTogether(db, completion, jobs, recounter));
    this.auditLog = auditLog;
  }

  /** Until when to do the parts of an operation. */
  record Times(Deadline fences, Deadline smallCancels, Deadline largeCancels) {}

  /** Returns the unfinished operations, those first that nobody has carried on for longest. */
  public List<ObjectId> unfinished(int most) {
    return store.unfinished(most);
  }

  /**
   * Carries an operation on, unless another process does. Leaves out cancels of many jobs, which
   * upkeep has a step of its own for.
   */
  public void carryOn(ObjectId id, Deadline deadline) {
    carryOn(id, new Times(deadline, deadline, Deadline.in(Duration.ZERO)));
  }

  void carryOn(ObjectId id, Times until) {
    store.lease(id, LEASE).ifPresent(lease -> carryOn(lease, until));
  }

  /** A failure leaves the lease to run out: whoever comes next need not fail at once, too. */
  void carryOn(Leases.Lease<StoredOperation> lease, Times until) {
    carryOn(lease.before(), until);
    store.release(lease);
  }

  /** Carries an operation on; the fences of all batches come first. */
  private void carryOn(StoredOperation operation, Times until) {
    boolean areFenced = fences.set(operation, until.fences);
    while (markers.deliver(operation.name(), CHUNK) == CHUNK && !until.fences.passed()) {
      // The next ones.
    }
    List<RuntimeException> failures =
        cancels.complete(operation, until.smallCancels, until.largeCancels);
    // Before the figures, so that those of a finished operation are complete.
    boolean isFinished = areFenced && !isAnythingLeft(operation);
    store.progress(
        operation.id(),
        auditLog.count(operation.name()),
        cancels.jobsCancelled(operation),
        isFinished);
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private boolean isAnythingLeft(StoredOperation operation) {
    Bson undelivered = Outbox.waiting(operation.name());
    return db.batches().find(undelivered).limit(1).first() != null
        || cancels.isAnyOpen(operation)
        || fences.isAnyLeft(operation);
  }
}
