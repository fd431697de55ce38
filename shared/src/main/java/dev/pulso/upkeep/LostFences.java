package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.audit.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarker;
import dev.pulso.cancel.Fence;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;

/**
 * Finds batches whose document somebody wrote back whole, as it was before its cancel: the audit
 * log knows of the cancel. Each run looks at active batches, and at one page of the log.
 */
final class LostFences {
  private static final int PAGE = 2_000;
  private static final Document POSITION = new Document("_id", "lost_fences");
  private static final String AFTER = "after";

  private final Db db;
  private final Fence fence;

  LostFences(Db db, Fence fence) {
    this.db = db;
    this.fence = fence;
  }

  /**
   * Sets lost fences again, with the first reason.
   *
   * @return how many
   */
  int restore(Deadline deadline) {
    List<Document> cancels =
        ids(db.batches().find(and(eq(BatchFields.IS_ACTIVE, true), CancellationMarker.isMissing())))
            .stream()
            .map(AuditLog::cancelId)
            .toList();
    return restoreAll(cancels, deadline) + restoreAll(lostOnNextPage(), deadline);
  }

  private int restoreAll(List<Document> cancels, Deadline deadline) {
    int restored = 0;
    if (!cancels.isEmpty()) {
      for (Document entry : db.auditLog().find(in(AuditLog.ID, cancels))) {
        if (deadline.passed()) {
          break;
        }
        restored += fence.restore(entry) ? 1 : 0;
      }
    }
    return restored;
  }

  private List<Document> lostOnNextPage() {
    Document position = db.progress().find(POSITION).first();
    Object after = position == null ? new MinKey() : position.get(AFTER);
    List<Object> cancelled = new ArrayList<>();
    Bson page =
        and(
            gt(AuditLog.ID, AuditLog.cancelId(after)),
            lt(AuditLog.ID, AuditLog.cancelId(new MaxKey())));
    for (Object id : ids(db.auditLog().find(page).sort(new Document(AuditLog.ID, 1)))) {
      cancelled.add(((Document) id).get(AuditLog.BATCH));
    }
    Object next = cancelled.size() < PAGE ? new MinKey() : cancelled.getLast();
    db.progress()
        .updateOne(
            POSITION,
            new Document("$set", new Document(AFTER, next)),
            new UpdateOptions().upsert(true));
    return ids(
            db.batches().find(and(in(BatchFields.ID, cancelled), CancellationMarker.isMissing())))
        .stream()
        .map(AuditLog::cancelId)
        .toList();
  }

  private static List<Object> ids(FindIterable<Document> found) {
    return found
        .projection(new Document("_id", 1))
        .limit(PAGE)
        .map(document -> document.get("_id"))
        .into(new ArrayList<>());
  }
}
