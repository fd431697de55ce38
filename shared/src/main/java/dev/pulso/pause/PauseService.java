package dev.pulso.pause;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.ne;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.pulso.access.ForbiddenException;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Operators;
import dev.pulso.audit.Origin;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.Transactions;
import dev.pulso.overview.OverviewCache;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** Pauses and resumes batches: workers claim no jobs of a paused one, and nothing is lost. */
public final class PauseService {
  private final Db db;
  private final Batches batches;
  private final Operators operators;
  private final AuditLog auditLog;
  private final OverviewCache overviews;

  public PauseService(Db db, Batches batches, Operators operators, OverviewCache overviews) {
    this.db = db;
    this.batches = batches;
    this.operators = operators;
    this.auditLog = new AuditLog(db);
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
    if (batch.isCancelled()) {
      return PauseOutcome.CANCELLED;
    }
    try (ClientSession session = db.client().startSession()) {
      session.withTransaction(
          () -> setActive(session, batch, active, action, origin), Transactions.SAFE);
    } finally {
      overviews.forget(batch.accountId());
    }
    // A cancel may have been quicker than the transaction: its word stands.
    return batches.find(batch.id()).orElseThrow(BatchNotFoundException::new).isCancelled()
        ? PauseOutcome.CANCELLED
        : PauseOutcome.DONE;
  }

  private boolean setActive(
      ClientSession transaction, Batch batch, boolean active, AuditAction action, Origin origin) {
    Document changed =
        db.batches()
            .findOneAndUpdate(
                transaction,
                batches.onlyVisible(
                    and(
                        eq(BatchFields.ID, batch.id()),
                        eq(BatchFields.CANCELLED_AT, null),
                        ne(BatchFields.IS_ACTIVE, active))),
                List.of(
                    new Document(
                        "$set",
                        new Document(BatchFields.IS_ACTIVE, active)
                            .append(BatchFields.UPDATED_AT, "$$NOW"))),
                new FindOneAndUpdateOptions()
                    .projection(new Document(BatchFields.UPDATED_AT, 1))
                    .returnDocument(ReturnDocument.AFTER));
    if (changed == null) {
      return false;
    }
    Instant at = Lenient.time(changed.get(BatchFields.UPDATED_AT)).orElseThrow();
    auditLog.write(transaction, action, batch, Optional.empty(), at, origin);
    return true;
  }
}
