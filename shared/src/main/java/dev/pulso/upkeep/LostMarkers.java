package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;

/**
 * Finds batches that another program wrote back as they were before their cancel; the audit log
 * knows the cancel. Each run checks some active batches, whose jobs workers claim, and some cancels
 * of the log, whatever state their batches are in.
 */
final class LostMarkers {
  /** Maximum pages of each list per run. */
  private static final int PAGES = 2;

  private final Db db;
  private final Pager pager;
  private final CancellationMarkers markers;

  LostMarkers(Db db, Pager pager, CancellationMarkers markers) {
    this.db = db;
    this.pager = pager;
    this.markers = markers;
  }

  /**
   * Restores lost markers, with the first reason.
   *
   * @return how many
   */
  int restore(Deadline deadline) {
    Bson active = and(eq(BatchFields.IS_ACTIVE, true), CancellationMarkers.isMissing());
    Bson cancels =
        and(
            gt(AuditLog.ID, AuditLog.cancelId(new MinKey())),
            lt(AuditLog.ID, AuditLog.cancelId(new MaxKey())));
    return pager.goOn(
            new Pager.Walk("lost_fences active", db.batches(), active),
            PAGES,
            deadline,
            page -> restoreAll(page, deadline))
        + pager.goOn(
            new Pager.Walk("lost_fences audited", db.auditLog(), cancels),
            PAGES,
            deadline,
            page -> restoreAll(withoutMarker(page), deadline));
  }

  private List<Document> withoutMarker(List<Document> entries) {
    List<Object> batches =
        entries.stream()
            .map(entry -> entry.get(AuditLog.ID, Document.class))
            .map(id -> id.get(AuditLog.BATCH))
            .toList();
    return db.batches()
        .find(and(in(BatchFields.ID, batches), CancellationMarkers.isMissing()))
        .projection(new Document(BatchFields.ID, 1))
        .into(new ArrayList<>());
  }

  private int restoreAll(List<Document> batches, Deadline deadline) {
    List<Document> cancels =
        batches.stream().map(batch -> AuditLog.cancelId(batch.get(BatchFields.ID))).toList();
    int restored = 0;
    if (!cancels.isEmpty()) {
      // Read before any is restored: the time limit of a request holds for a whole cursor.
      for (Document entry : db.auditLog().find(in(AuditLog.ID, cancels)).into(new ArrayList<>())) {
        if (deadline.passed()) {
          break;
        }
        restored += markers.restore(entry) ? 1 : 0;
      }
    }
    return restored;
  }
}
