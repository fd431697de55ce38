package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.op;

import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import dev.pulso.batch.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * The events that a recount may find: the batch is completed, or a further tenth of its jobs has
 * succeeded. The update that stores the counters appends them to the batch, so there is one event
 * for each {@code completed_at} that it sets. A cancelled batch has none.
 */
final class ProgressEvents {
  static final String COMPLETED = "batch.completed";
  static final String PROGRESS = "batch.progress";

  private static final int TENTHS = 10;

  private ProgressEvents() {}

  /** Returns how many tenths of the jobs have succeeded, rounded down. */
  static long tenths(JobCounts.ByStatus counts) {
    return counts.total() == 0 ? 0 : counts.completed() * TENTHS / counts.total();
  }

  /**
   * Returns an expression for the batch's events after this recount; empty if it can find none. It
   * has to run before the counters and {@code completed_at} change.
   */
  static Optional<Document> after(JobCounts.ByStatus counts, CallSums sums) {
    List<Object> events = new ArrayList<>();
    if (tenths(counts) > 0) {
      Document told = op("$ifNull", "$" + BatchFields.COUNTERS_TENTHS, 0L);
      events.add(onlyIf(op("$lt", told, tenths(counts)), event(PROGRESS, counts, sums)));
    }
    if (counts.open() == 0) {
      events.add(
          onlyIf(BatchFields.hasNone(BatchFields.COMPLETED_AT), event(COMPLETED, counts, sums)));
    }
    return events.isEmpty()
        ? Optional.empty()
        : Optional.of(Outbox.events(new Document("$concatArrays", events)));
  }

  private static Document onlyIf(Document condition, Document event) {
    Document isTold =
        op(
            "$and",
            condition,
            CancellationMarkers.missing(),
            new Document("$not", CancellationMarkers.cancelledBefore()));
    return op("$cond", isTold, List.of(event), List.of());
  }

  private static Document event(String type, JobCounts.ByStatus counts, CallSums sums) {
    return AuditLog.event(type)
        .append(BatchFields.TOTAL_JOBS, counts.total())
        .append(BatchFields.PENDING_JOBS, counts.pending())
        .append(BatchFields.COMPLETED_JOBS, counts.completed())
        .append(BatchFields.FAILED_JOBS, counts.failed())
        .append(BatchFields.SUSPENDED_JOBS, counts.suspended())
        .append(BatchFields.TOTAL_COST, Rounding.units(sums.cents()).doubleValue())
        .append(BatchFields.TOTAL_MINUTES, Rounding.minutes(sums.ms()).doubleValue())
        .append(
            "progress_percentage",
            Rounding.progress(counts.completed(), counts.total()).doubleValue());
  }
}
