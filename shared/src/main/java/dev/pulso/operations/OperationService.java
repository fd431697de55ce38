package dev.pulso.operations;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import dev.pulso.access.Origin;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.Batches;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.observe.Log;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.operations.OperationOutcome.SelectionChanged;
import dev.pulso.operations.OperationOutcome.TooManyBatches;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.types.ObjectId;

/**
 * Cancels, pauses or resumes many batches at once. The stored operation is the commit point: from
 * then on it is carried through, whatever dies.
 */
public final class OperationService {
  /** Most batches that one operation may select. */
  public static final int MOST_BATCHES = 5_000;

  private static final int EXAMPLES = 10;

  /** Enough to fence all batches of an operation before the answer, unless some are locked. */
  private static final Duration FOR_FENCES = Duration.ofSeconds(5);

  /** A caller gets the answer about then; others carry the operation on. */
  private static final Duration FOR_CANCELS = Duration.ofSeconds(3);

  /** How long a request for the progress of an operation carries it on. */
  private static final Duration FOR_A_WHILE = Duration.ofSeconds(1);

  private final Batches batches;
  private final AuditLog auditLog;
  private final OperationStore store;
  private final WaitingJobs waitingJobs;
  private final OperationRun run;

  public OperationService(Db db, Batches batches, AuditLog auditLog, OperationRun run) {
    this.batches = batches;
    this.auditLog = auditLog;
    this.store = new OperationStore(db);
    this.waitingJobs = new WaitingJobs(db);
    this.run = run;
  }

  /**
   * Returns what an operation would do, and changes nothing.
   *
   * @throws ForbiddenException when the caller lacks the scope, or may not see all accounts
   * @throws ForeignAccountException when the account is not the caller's
   */
  public OperationOutcome preview(Caller caller, OperationRequest request, Origin origin) {
    return selected(
        caller,
        request,
        origin,
        selection ->
            new Preview(
                selection.changing().size(),
                waitingJobs.of(selection.changing()),
                selection.unchanged(),
                selection.changing().stream().limit(EXAMPLES).toList()));
  }

  /**
   * Stores an operation and begins it. Once it is stored, upkeep completes it whatever happens
   * here.
   *
   * @param expected how many batches it changes, according to the preview
   * @throws ForbiddenException when the caller lacks the scope, or may not see all accounts
   * @throws ForeignAccountException when the account is not the caller's
   */
  public OperationOutcome start(
      Caller caller, OperationRequest request, long expected, Origin origin, Deadline deadline) {
    return selected(
        caller,
        request,
        origin,
        selection -> {
          int found = selection.changing().size();
          if (found != expected) {
            return new SelectionChanged(found);
          }
          Deadline fences = deadline.orIn(FOR_FENCES);
          Deadline cancels = deadline.orIn(FOR_CANCELS);
          OperationRun.Times until = new OperationRun.Times(fences, cancels, cancels);
          Leases.Lease<StoredOperation> lease =
              store.insert(request, selection, origin, OperationRun.LEASE);
          carryOn(() -> run.carryOn(lease, until), origin);
          return new Accepted(lease.before().name(), found);
        });
  }

  private OperationOutcome selected(
      Caller caller,
      OperationRequest request,
      Origin origin,
      Function<Selection, OperationOutcome> use) {
    auditLog.admit(caller, request.action().denied(), request.choice().accountId(), origin);
    Accounts visible = request.choice().visible(caller);
    List<Batch> selected = request.choice().find(batches, visible, MOST_BATCHES + 1);
    return selected.size() > MOST_BATCHES
        ? new TooManyBatches(request.choice().count(batches, visible))
        : use.apply(Selection.of(request.action(), selected, visible));
  }

  /**
   * Returns how far an operation is, and carries it on for a little.
   *
   * @return empty if there is none, the caller may not see all of its batches, or it has none and
   *     belongs to others
   * @throws ForbiddenException when the caller lacks the read scope
   */
  public Optional<Operation> find(Caller caller, String id, Origin origin, Deadline deadline) {
    caller.readable();
    if (!ObjectId.isValid(id)) {
      return Optional.empty();
    }
    ObjectId operation = new ObjectId(id);
    Optional<Operation> found = store.find(caller, operation);
    if (found.isEmpty() || found.get().finishedAt().isPresent()) {
      return found;
    }
    Deadline until = deadline.orIn(FOR_A_WHILE);
    OperationRun.Times times = new OperationRun.Times(until, until, until);
    carryOn(() -> run.carryOn(operation, times), origin);
    return store.find(caller, operation);
  }

  /** The operation is stored, so an error would be wrong; upkeep does the rest. */
  private static void carryOn(Runnable part, Origin origin) {
    try {
      part.run();
    } catch (RuntimeException e) {
      Log.failure("operation", origin.requestId(), "OPERATION_CUT_OFF", e);
    }
  }
}
