package dev.pulso.batch;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.client.model.Sorts;
import dev.pulso.access.Accounts;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Who cancelled, paused and resumed a batch, from the audit log and from the batch's outbox. */
public final class BatchHistory {
  /** Most entries of a history. */
  public static final int MOST = 100;

  /** The actions that change a batch, by the value of the field {@code action}. */
  private static final Map<String, String> SHOWN =
      Map.of(
          AuditAction.BATCH_CANCELLED.value(), "cancelled",
          AuditAction.BATCH_PAUSED.value(), "paused",
          AuditAction.BATCH_RESUMED.value(), "resumed");

  /**
   * Entries contain the batch's {@code _id}. By batch_id they would mix with those of other batches
   * that have it, or had it before.
   */
  private static final String OF_BATCH = AuditLog.ID + "." + AuditLog.BATCH;

  private static final Comparator<Entry> NEWEST_FIRST =
      Comparator.comparing(entry -> entry.at.orElse(Instant.MIN), Comparator.reverseOrder());

  private final Db db;

  public BatchHistory(Db db) {
    this.db = db;
  }

  /**
   * A change of a batch.
   *
   * @param action {@code cancelled}, {@code paused} or {@code resumed}
   * @param at when (UTC)
   * @param actor the caller's subject
   * @param operationId the operation on many batches that it was a part of
   */
  public record Entry(
      String action,
      Optional<Instant> at,
      Optional<String> actor,
      Optional<String> reason,
      Optional<String> operationId) {

    private static Entry of(Document entry) {
      return new Entry(
          shown(entry).orElseThrow(),
          Lenient.time(entry.get(AuditLog.AT)),
          AuditLog.origin(entry).actor(),
          Lenient.text(entry.get(AuditLog.REASON)),
          Lenient.text(entry.get(AuditLog.OPERATION_ID)));
    }
  }

  /**
   * Returns the last {@link #MOST} changes of a batch, newest first.
   *
   * @param batch as it was read with its outbox; entries leave that only for the audit log
   * @param visible accounts that the caller may read: of a batch that another account had before,
   *     the entries of that time are not shown
   */
  public List<Entry> of(Batch batch, Accounts visible) {
    Map<Object, Document> entries = new LinkedHashMap<>();
    batch.outbox().reversed().forEach(entry -> entries.put(entry.get(AuditLog.ID), entry));
    // An entry that the audit log has is the first with its id, and stands.
    db.auditLog()
        .find(Batches.narrowed(ofBatch(batch), visible))
        .sort(Sorts.descending(AuditLog.AT))
        .limit(MOST)
        .forEach(entry -> entries.put(entry.get(AuditLog.ID), entry));
    return entries.values().stream()
        .filter(entry -> isOf(batch, entry) && isVisible(entry, visible))
        .map(Entry::of)
        .sorted(NEWEST_FIRST)
        .limit(MOST)
        .toList();
  }

  /** An entry about no batch has no such field, which would equal an {@code _id} of null. */
  private static Bson ofBatch(Batch batch) {
    return and(eq(OF_BATCH, batch.id()), exists(OF_BATCH), in(AuditLog.ACTION, SHOWN.keySet()));
  }

  private static boolean isOf(Batch batch, Document entry) {
    Document id = Lenient.document(entry.get(AuditLog.ID));
    return shown(entry).isPresent() && Objects.equals(id.get(AuditLog.BATCH), batch.id());
  }

  private static boolean isVisible(Document entry, Accounts visible) {
    return visible.only().isEmpty()
        || Lenient.text(entry.get(BatchFields.ACCOUNT_ID)).filter(visible::contains).isPresent();
  }

  private static Optional<String> shown(Document entry) {
    return Lenient.text(entry.get(AuditLog.ACTION)).map(SHOWN::get);
  }
}
