package dev.pulso.recount;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.not;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarker;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.types.Decimal128;

/**
 * Writes a recount into its batch: the contract's counters, {@code completed_at} by the contract's
 * rule, and Pulso's own copy. The rule is part of the update, so that it holds against whatever
 * else writes the batch at that moment.
 */
final class BatchFigures {
  private final Db db;

  BatchFigures(Db db) {
    this.db = db;
  }

  /** The write of figures, unless those of a recount that began later are there. */
  WriteModel<Document> store(Lease lease, StatusCounts counts, Sums sums, Duration untilDue) {
    Document figures =
        new Document("token", lease.token())
            .append("taken_at", Date.from(lease.takenAt()))
            .append("total", counts.total())
            .append("pending", counts.pending())
            .append("completed", counts.completed())
            .append("failed", counts.failed())
            .append("suspended", counts.suspended())
            .append("cancelled", counts.cancelled())
            .append("open", counts.open())
            .append("cents", new Decimal128(sums.cents()))
            .append("ms", new Decimal128(sums.ms()));
    Document contract =
        new Document(BatchFields.TOTAL_JOBS, counts.total())
            .append(BatchFields.PENDING_JOBS, counts.pending())
            .append(BatchFields.COMPLETED_JOBS, counts.completed())
            .append(BatchFields.FAILED_JOBS, counts.failed())
            .append(BatchFields.SUSPENDED_JOBS, counts.suspended())
            .append(BatchFields.TOTAL_COST, Rounding.units(sums.cents()).doubleValue())
            .append(BatchFields.TOTAL_MINUTES, Rounding.minutes(sums.ms()).doubleValue());
    Document completedAt = completedAt(counts);
    Document rule =
        new Document(BatchFields.COMPLETED_AT, completedAt)
            .append(BatchFields.FINISHED_TOTAL, finishedTotal(counts));
    return update(
        lease,
        List.of(
            new Document("$set", rule),
            new Document(
                "$set",
                contract
                    .append(BatchFields.FIGURES, figures)
                    .append(BatchFields.DUE_AT, dueAt(lease, untilDue)))));
  }

  /** The note that there is no job to count: whatever the batch carries stays, and holds. */
  WriteModel<Document> nothingToCount(Lease lease, Duration untilDue) {
    Document none =
        new Document("token", lease.token()).append("taken_at", Date.from(lease.takenAt()));
    Document finishedWithNone =
        cond(isNull("$" + BatchFields.COMPLETED_AT), "$$REMOVE", (Object) 0L);
    return update(
        lease,
        List.of(
            new Document(
                "$set",
                new Document(BatchFields.FIGURES, new Document("$literal", none))
                    .append(BatchFields.FINISHED_TOTAL, finishedWithNone)
                    .append(BatchFields.DUE_AT, dueAt(lease, untilDue)))));
  }

  /**
   * Does the writes that the other methods make. They are not durable when this returns: whoever
   * relies on them looks for their token in the batch.
   *
   * @return the indexes of those that somebody held up for longer than that
   */
  Set<Integer> write(List<WriteModel<Document>> writes, Duration patience) {
    return IndependentWrites.write(
        db.batches().withWriteConcern(WriteConcern.W1), writes, patience);
  }

  private static WriteModel<Document> update(Lease lease, List<Document> pipeline) {
    String batchId = lease.group().batchId().orElseThrow();
    // Where no unique index is, several batches may share a batch_id, and with it the jobs.
    return new UpdateManyModel<>(
        and(Batches.withBatchId(batchId), not(gte(BatchFields.FIGURES_TOKEN, lease.token()))),
        pipeline);
  }

  /** Counted from the moment that the figures are of: on a busy server they are stored later. */
  private static Date dueAt(Lease lease, Duration untilDue) {
    return Date.from(lease.takenAt().plus(untilDue));
  }

  /**
   * Set once, when nothing is open; back to null only when a finished batch that was not cancelled
   * has got more jobs than it had when last seen finished.
   */
  private static Document completedAt(StatusCounts counts) {
    String now = "$" + BatchFields.COMPLETED_AT;
    return cond(
        isNull(now), counts.open() == 0 ? "$$NOW" : now, cond(wasAddedTo(counts), null, now));
  }

  /** Runs in the same stage as the rule above, so both see the batch as it was. */
  private static Document finishedTotal(StatusCounts counts) {
    String now = "$" + BatchFields.COMPLETED_AT;
    if (counts.open() == 0) {
      return new Document("$literal", counts.total());
    }
    Document known = new Document("$min", List.of(knownTotal(counts), counts.total()));
    return cond(isNull(now), "$$REMOVE", cond(wasAddedTo(counts), "$$REMOVE", known));
  }

  private static Document wasAddedTo(StatusCounts counts) {
    return new Document(
        "$and",
        List.of(
            counts.open() > 0,
            CancellationMarker.missing(),
            new Document("$not", CancellationMarker.cancelledBefore()),
            new Document("$gt", List.of(counts.total(), knownTotal(counts)))));
  }

  /** The size with which it finished, else the size when last counted, else the size now. */
  private static Document knownTotal(StatusCounts counts) {
    return new Document(
        "$ifNull",
        List.of(
            "$" + BatchFields.FINISHED_TOTAL,
            "$" + BatchFields.FIGURES + ".total",
            counts.total()));
  }

  private static Document isNull(String path) {
    return new Document(
        "$eq", Arrays.asList(new Document("$ifNull", Arrays.asList(path, null)), null));
  }

  private static Document cond(Object condition, Object then, Object otherwise) {
    return new Document("$cond", Arrays.asList(condition, then, otherwise));
  }
}
