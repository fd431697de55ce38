package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.audit.Origin;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.mongo.Transactions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bson.Document;

/**
 * The commit point of a cancel: the batch says that it is cancelled, and the audit log says so, in
 * one transaction. From then on the cancel is carried through, whatever fails.
 */
final class Fence {
  private final Db db;
  private final Batches batches;
  private final AuditLog auditLog;

  Fence(Db db, Batches batches, AuditLog auditLog) {
    this.db = db;
    this.batches = batches;
    this.auditLog = auditLog;
  }

  /**
   * Sets the fence.
   *
   * @return whether it was this call that set it; false when it was set before, or the batch is
   *     gone
   */
  boolean set(Batch batch, Optional<String> reason, Origin origin) {
    try {
      return inTransaction(transaction -> setAndNote(transaction, batch, reason, origin));
    } catch (MongoException e) {
      if (!ServerErrors.isDuplicateKey(e)) {
        throw e;
      }
      // Somebody put a cancelled batch back: what the audit log says of its first cancel stands.
      return inTransaction(transaction -> set(transaction, batch, reason).isPresent());
    }
  }

  /** May run more than once: a transaction that met another one is tried again from its start. */
  private boolean inTransaction(Predicate<ClientSession> body) {
    try (ClientSession session = db.client().startSession()) {
      return session.withTransaction(() -> body.test(session), Transactions.SAFE);
    }
  }

  private boolean setAndNote(
      ClientSession transaction, Batch batch, Optional<String> reason, Origin origin) {
    Optional<Instant> at = set(transaction, batch, reason);
    at.ifPresent(
        moment ->
            auditLog.write(
                transaction, AuditAction.BATCH_CANCELLED, batch, reason, moment, origin));
    return at.isPresent();
  }

  /** The moment at which it was set; nothing when it was set before, or the batch is gone. */
  private Optional<Instant> set(ClientSession transaction, Batch batch, Optional<String> reason) {
    Document fenced =
        db.batches()
            .findOneAndUpdate(
                transaction,
                batches.onlyVisible(
                    and(eq(BatchFields.ID, batch.id()), eq(BatchFields.CANCELLED_AT, null))),
                List.of(new Document("$set", fields(reason))),
                new FindOneAndUpdateOptions()
                    .projection(new Document(BatchFields.CANCELLED_AT, 1))
                    .returnDocument(ReturnDocument.AFTER));
    return Optional.ofNullable(fenced)
        .map(document -> Lenient.time(document.get(BatchFields.CANCELLED_AT)).orElseThrow());
  }

  private static Document fields(Optional<String> reason) {
    Document literalReason = new Document("$literal", reason.orElse(null));
    Document fields =
        new Document(BatchFields.IS_ACTIVE, false)
            .append(
                BatchFields.COMPLETED_AT,
                new Document("$ifNull", Arrays.asList("$" + BatchFields.COMPLETED_AT, "$$NOW")))
            .append(BatchFields.UPDATED_AT, "$$NOW")
            .append(BatchFields.CANCELLED_AT, "$$NOW")
            .append(BatchFields.CANCEL, new Document("open", true).append("reason", literalReason));
    if (reason.isPresent()) {
      fields.append(BatchFields.CANCELLATION_REASON, literalReason);
    }
    return fields;
  }
}
