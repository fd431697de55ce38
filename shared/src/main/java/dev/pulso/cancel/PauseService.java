package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.ne;

import com.mongodb.MongoException;
import dev.pulso.access.ForbiddenException;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Operators;
import dev.pulso.audit.Origin;
import dev.pulso.audit.Outbox;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarker;
import dev.pulso.batch.CancelledBefore;
import dev.pulso.mongo.Db;
import dev.pulso.observe.Log;
import dev.pulso.overview.OverviewCache;
import java.util.Optional;
import org.bson.Document;

/** Pauses and resumes batches: workers claim no jobs of a paused one, and nothing is lost. */
public final class PauseService {
  private final Batches batches;
  private final Operators operators;
  private final Outbox outbox;
  private final OverviewCache overviews;

  public PauseService(Db db, Batches batches, Operators operators, OverviewCache overviews) {
    this.batches = batches;
    this.operators = operators;
    this.outbox = new Outbox(db);
    this.overviews = overviews;
  }

  /**
   * Makes a batch inactive.
   *
   * @throws BatchNotFoundException when there is no such batch
   * @throws ForbiddenException when the caller may not do that
   */
  public PauseOutcome pause(BatchAddress address, Origin origin) {
    Batch batch = found(address, AuditAction.PAUSE_DENIED, origin);
    return setActive(batch, false, AuditAction.BATCH_PAUSED, origin);
  }

  /**
   * Makes a batch active again.
   *
   * @throws BatchNotFoundException when there is no such batch
   * @throws ForbiddenException when the caller may not do that
   */
  public PauseOutcome resume(BatchAddress address, Origin origin) {
    Batch batch = found(address, AuditAction.RESUME_DENIED, origin);
    return setActive(batch, true, AuditAction.BATCH_RESUMED, origin);
  }

  private Batch found(BatchAddress address, AuditAction attempt, Origin origin) {
    Batch batch = batches.find(address).orElseThrow(BatchNotFoundException::new);
    operators.admit(batch, attempt, origin);
    return batch;
  }

  private PauseOutcome setActive(Batch batch, boolean active, AuditAction action, Origin origin) {
    Document entry = AuditLog.entry(action, batch, null, origin);
    Optional<Batch> changed;
    try {
      changed =
          batches.change(
              and(
                  eq(BatchFields.ID, batch.id()),
                  CancellationMarker.isMissing(),
                  ne(BatchFields.IS_ACTIVE, active),
                  expr(not(CancelledBefore.expression()))),
              new Document(BatchFields.IS_ACTIVE, active)
                  .append(BatchFields.UPDATED_AT, "$$NOW")
                  .append(BatchFields.ACTED_AT, "$$NOW")
                  // Left of a cancel that was undone: with it, a pause would read as that cancel.
                  .append(BatchFields.CANCELLATION_REASON, "$$REMOVE")
                  .append(BatchFields.OUTBOX, Outbox.with(entry)));
    } finally {
      overviews.forget(batch.accountId());
    }
    Batch now = changed.or(() -> batches.find(batch.id())).orElseThrow(BatchNotFoundException::new);
    deliver(now, origin);
    return now.isCancelled() ? PauseOutcome.CANCELLED : PauseOutcome.DONE;
  }

  private static Document not(Document expression) {
    return new Document("$not", expression);
  }

  private void deliver(Batch batch, Origin origin) {
    try {
      outbox.deliver(batch);
    } catch (MongoException e) {
      // The batch is changed, and upkeep delivers: to say that it failed would be wrong.
      Log.failure("pause", origin.requestId(), "AUDIT_LATER", e);
    }
  }
}
