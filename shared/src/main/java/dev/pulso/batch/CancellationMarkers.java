package dev.pulso.batch;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.ne;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.result.UpdateResult;
import dev.pulso.access.Accounts;
import dev.pulso.access.Origin;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The cancellation marker, {@code cancelled_at}. Any value but {@link BatchFields#NONE} counts as
 * set, since a restore may turn a time into text. Setting it is the commit point of a cancel: one
 * update of the batch that also stores the audit entry. From then on the cancel is carried through,
 * even if processes die.
 */
public final class CancellationMarkers {
  private final Db db;
  private final Batches batches;
  private final AuditLog auditLog;
  private final Outbox outbox;

  public CancellationMarkers(Db db, Batches batches, AuditLog auditLog, Outbox outbox) {
    this.db = db;
    this.batches = batches;
    this.auditLog = auditLog;
    this.outbox = outbox;
  }

  public static boolean isSet(Document batch) {
    return !BatchFields.NONE.contains(batch.get(BatchFields.CANCELLED_AT));
  }

  /** Returns a filter for batches with the marker. */
  public static Bson isSet() {
    return Filters.or(
        Filters.nin(BatchFields.CANCELLED_AT, BatchFields.NONE),
        Batches.isArray(BatchFields.CANCELLED_AT));
  }

  /** Returns a filter for batches without the marker. */
  public static Bson isMissing() {
    return and(
        Filters.in(BatchFields.CANCELLED_AT, BatchFields.NONE),
        Batches.isNoArray(BatchFields.CANCELLED_AT));
  }

  public static Document missing() {
    return BatchFields.hasNone(BatchFields.CANCELLED_AT);
  }

  /**
   * Returns whether a batch was cancelled before Pulso existed: it is inactive and has a reason.
   */
  static boolean wasCancelledBefore(Document batch) {
    return !Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE))
        && Lenient.text(batch.get(BatchFields.CANCELLATION_REASON))
            .filter(reason -> !reason.isEmpty())
            .isPresent();
  }

  public static Document cancelledBefore() {
    String reason = "$" + BatchFields.CANCELLATION_REASON;
    return op(
        "$and",
        op("$ne", "$" + BatchFields.IS_ACTIVE, true),
        op("$eq", new Document("$type", reason), "string"),
        op("$ne", reason, ""));
  }

  /**
   * Sets the marker. Waits for a majority even if nothing changes: the server then waits for its
   * earlier writes, so a marker that another process set cannot be rolled back either.
   *
   * @param earlier how many of its jobs are cancelled already; empty: still to be counted
   * @return the batch as it is now; empty if the marker was set before, or the batch is gone
   */
  public Optional<Batch> set(
      Accounts visible,
      Batch batch,
      Optional<String> reason,
      Origin origin,
      Optional<Long> earlier) {
    return batches.change(
        visible,
        and(eq(BatchFields.ID, batch.id()), isMissing()),
        cancelled(reason, origin, Optional.empty(), earlier));
  }

  /**
   * Sets the marker of all other batches with the same batch_id, of any account. They share their
   * jobs, so a cancel of one is a cancel of all. Each gets its own audit entry.
   */
  public void setOnTwins(Batch batch, Optional<String> reason) {
    Bson twins = twins(batch);
    Document cancel = AuditLog.cancelId(batch.id());
    Origin origin =
        batch.outbox().stream()
            .filter(entry -> cancel.equals(entry.get(AuditLog.ID)))
            .findFirst()
            .map(AuditLog::origin)
            .orElse(Origin.NONE);
    Optional<Long> earlier =
        batch.isEarlierUncounted() ? Optional.empty() : Optional.of(batch.cancelledEarlier());
    List<Document> cancelled =
        BatchFields.setting(cancelled(reason, origin, Optional.empty(), earlier));
    // The majority write of the audit entries also waits for this one.
    MongoCollection<Document> withoutMajority = db.batches().withWriteConcern(WriteConcern.W1);
    UpdateResult marked =
        ServerErrors.repeating(
            () -> withoutMajority.updateMany(and(twins, isMissing()), cancelled));
    if (marked.getModifiedCount() > 0) {
      batches
          .findSome(and(twins, exists(BatchFields.OUTBOX_ID)), Batches.MOST_TWINS)
          .forEach(this::deliver);
    }
  }

  private static Bson twins(Batch batch) {
    return and(Batches.withBatchId(batch.batchId().orElseThrow()), ne(BatchFields.ID, batch.id()));
  }

  /**
   * Returns the fields that set the marker, expressions of a pipeline's {@code $set}.
   *
   * @param operation id of the operation on many batches that this is a part of
   * @param earlier how many of the batch's jobs are cancelled already, a number or an expression;
   *     empty: still to be counted
   */
  public static Document cancelled(
      Optional<String> reason, Origin origin, Optional<String> operation, Optional<?> earlier) {
    Document given = literal(reason.orElse(null));
    String old = "$" + BatchFields.CANCELLATION_REASON;
    Document first = op("$cond", cancelledBefore(), old, given);
    Document entry = AuditLog.entry(AuditAction.BATCH_CANCELLED, first, origin, operation);
    Object lastCounted = op("$ifNull", "$" + BatchFields.COUNTERS_CANCELLED, 0L);
    Document fields =
        fields("$$NOW", first)
            .append(
                BatchFields.CANCELLED_EARLIER, earlier.isPresent() ? earlier.get() : lastCounted)
            .append(BatchFields.EARLIER_UNCOUNTED, earlier.isPresent() ? "$$REMOVE" : true);
    fields.putAll(Outbox.with(entry));
    operation.ifPresent(by -> fields.append(BatchFields.CANCEL_OPERATION, by));
    if (reason.isPresent()) {
      fields.append(BatchFields.CANCELLATION_REASON, first);
    }
    return fields;
  }

  /**
   * Moves the audit entries of a batch to the audit log. If another program wrote the batch back as
   * it was before an earlier cancel, the log has that cancel's entry, and the first cancel stands.
   *
   * @return the reason of the first cancel
   */
  public Optional<String> deliver(Batch batch) {
    Optional<String> first = audit(batch);
    outbox.remove(batch);
    return first;
  }

  /**
   * Moves audit entries of an operation on many batches to the audit log, in few round trips.
   *
   * @return how many; fewer than {@code most} if none is left
   */
  public int deliver(String operation, int most) {
    List<Batch> left = outbox.waitingOf(operation, most);
    if (!left.isEmpty()) {
      List<Document> entries = new ArrayList<>();
      left.forEach(batch -> entries.addAll(batch.outbox()));
      entries.removeIf(entry -> !operation.equals(entry.get(AuditLog.OPERATION_ID)));
      List<Document> stored = auditLog.cancels(auditLog.writeAll(entries));
      stored.stream().filter(entry -> !entries.contains(entry)).forEach(this::restore);
      outbox.remove(operation, left.stream().map(Batch::id).toList());
    }
    return left.size();
  }

  /** Copies the entries to the audit log; the caller removes them when it closes the cancel. */
  public Optional<String> audit(Batch batch) {
    Document cancel = AuditLog.cancelId(batch.id());
    if (auditLog.writeAll(batch.outbox()).contains(cancel)) {
      Document first = auditLog.find(cancel).orElseThrow();
      restore(first);
      return Lenient.text(first.get(AuditLog.REASON));
    }
    return batch.cancellationReason();
  }

  /**
   * Restores the marker from the audit entry of a cancel.
   *
   * @return whether it was missing
   */
  public boolean restore(Document entry) {
    Object batch = entry.get(AuditLog.ID, Document.class).get(AuditLog.BATCH);
    Date at = entry.getDate(AuditLog.AT);
    Document reason = literal(entry.get(AuditLog.REASON));
    Object shown = entry.get(AuditLog.REASON) == null ? "$$REMOVE" : reason;
    return db.batches()
            .updateOne(
                and(eq(BatchFields.ID, batch), ne(BatchFields.CANCELLED_AT, at)),
                BatchFields.setting(
                    fields(at, reason).append(BatchFields.CANCELLATION_REASON, shown)))
            .getModifiedCount()
        > 0;
  }

  private static Document fields(Object at, Document reason) {
    return new Document(BatchFields.IS_ACTIVE, false)
        .append(
            BatchFields.COMPLETED_AT,
            op(
                "$cond",
                BatchFields.hasNone(BatchFields.COMPLETED_AT),
                at,
                "$" + BatchFields.COMPLETED_AT))
        .append(BatchFields.UPDATED_AT, "$$NOW")
        .append(BatchFields.CANCELLED_AT, at)
        .append(BatchFields.ACTED_AT, "$$NOW")
        .append(BatchFields.CANCEL_OPEN, true)
        .append(BatchFields.CANCEL_REASON, reason);
  }
}
