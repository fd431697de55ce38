package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateManyModel;
import com.mongodb.client.model.WriteModel;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Rounding;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;

/**
 * Writes a recount into its batch: the contract's counters, {@code completed_at} by the contract's
 * rule, and Pulso's own copy. The rule is part of the update, so that it holds against whatever
 * else writes the batch at that moment.
 */
final class BatchCounters {
  private final Db db;

  BatchCounters(Db db) {
    this.db = db;
  }

  /** The write of a recount, unless a later one is there. */
  WriteModel<Document> store(
      Lease<CounterSnapshot> lease, JobCounts counted, CallSums sums, Duration untilDue) {
    JobCounts.ByStatus counts = counted.all();
    Document rule =
        new Document(BatchFields.COMPLETED_AT, completedAt(counts))
            .append(BatchFields.FINISHED_TOTAL, finishedTotal(counts));
    ProgressEvents.after(counts, sums).ifPresent(events -> rule.append(BatchFields.EVENTS, events));
    Document copy = copy(lease);
    copy.putAll(counts.document());
    copy.putAll(sums.document());
    copy.append("tenths", ProgressEvents.tenths(counts))
        .append(
            "last_activity_at", counted.lastActivity(lease.takenAt()).map(Date::from).orElse(null));
    Document counters =
        new Document(BatchFields.TOTAL_JOBS, counts.total())
            .append(BatchFields.PENDING_JOBS, counts.pending())
            .append(BatchFields.COMPLETED_JOBS, counts.completed())
            .append(BatchFields.FAILED_JOBS, counts.failed())
            .append(BatchFields.SUSPENDED_JOBS, counts.suspended())
            .append(BatchFields.TOTAL_COST, Rounding.units(sums.cents()).doubleValue())
            .append(BatchFields.TOTAL_MINUTES, Rounding.minutes(sums.ms()).doubleValue())
            .append(BatchFields.COUNTERS, copy)
            .append(BatchFields.DUE_AT, dueAt(lease, untilDue));
    return update(lease, BatchFields.setting(rule, counters));
  }

  /** The note that there is no job to count: whatever the batch carries stays, and holds. */
  WriteModel<Document> nothingToCount(Lease<CounterSnapshot> lease, Duration untilDue) {
    Document finishedWithNone = op("$cond", hasNotCompleted(), "$$REMOVE", 0L);
    Document note =
        new Document(BatchFields.COUNTERS, literal(copy(lease)))
            .append(BatchFields.FINISHED_TOTAL, finishedWithNone)
            .append(BatchFields.DUE_AT, dueAt(lease, untilDue));
    return update(lease, BatchFields.setting(note));
  }

  private static Document copy(Lease<CounterSnapshot> lease) {
    return new Document("token", lease.token()).append("taken_at", Date.from(lease.takenAt()));
  }

  /**
   * Does the writes that the other methods make. They are not durable when this returns: whoever
   * relies on them looks for their token in the batch.
   *
   * @return those that somebody held up for longer than that, and those that the server refused
   */
  IndependentWrites.LeftOut write(List<WriteModel<Document>> writes, Duration patience) {
    return IndependentWrites.write(
        db.batches().withWriteConcern(WriteConcern.W1), writes, patience);
  }

  /**
   * The groups of these snapshots whose batch has counters of an earlier recount, or none, but not
   * because the server refuses them.
   */
  Set<JobGroup> lackingAmong(List<Document> snapshots) {
    Map<String, Long> written = new HashMap<>();
    for (Document snapshot : snapshots) {
      JobGroup.ofSnapshot(snapshot)
          .batchId()
          .filter(id -> !Lenient.isTrue(snapshot.get(CounterSnapshot.REFUSED)))
          .ifPresent(id -> written.put(id, Lenient.count(snapshot.get(CounterSnapshot.WRITTEN))));
    }
    Set<JobGroup> lacking = new HashSet<>();
    for (Document batch :
        db.batches()
            .find(in(BatchFields.BATCH_ID, written.keySet()))
            .projection(Projections.include(BatchFields.BATCH_ID, BatchFields.COUNTERS_TOKEN))) {
      if (batch.get(BatchFields.BATCH_ID) instanceof String id && token(batch) < written.get(id)) {
        lacking.add(JobGroup.of(id));
      }
    }
    return lacking;
  }

  private static long token(Document batch) {
    return Lenient.count(BatchFields.countersOf(batch).get("token"));
  }

  private static WriteModel<Document> update(Lease<CounterSnapshot> lease, List<Document> update) {
    String batchId = lease.before().group().batchId().orElseThrow();
    // Where no unique index is, several batches may share a batch_id, and with it the jobs.
    return new UpdateManyModel<>(
        and(Batches.withBatchId(batchId), not(gte(BatchFields.COUNTERS_TOKEN, lease.token()))),
        update);
  }

  /** From the moment of the counts on: a busy server stores them later. */
  private static Date dueAt(Lease<?> lease, Duration untilDue) {
    return Date.from(lease.takenAt().plus(untilDue));
  }

  /**
   * Set once, when nothing is open; back to null only when a finished batch that was not cancelled
   * has got more jobs than it had when last seen finished.
   */
  private static Document completedAt(JobCounts.ByStatus counts) {
    String now = "$" + BatchFields.COMPLETED_AT;
    return op(
        "$cond",
        hasNotCompleted(),
        counts.open() == 0 ? "$$NOW" : now,
        op("$cond", wasAddedTo(counts), null, now));
  }

  /** Runs in the same stage as the rule above, so both see the batch as it was. */
  private static Document finishedTotal(JobCounts.ByStatus counts) {
    if (counts.open() == 0) {
      return literal(counts.total());
    }
    Document known = op("$min", knownTotal(counts), counts.total());
    return op(
        "$cond", hasNotCompleted(), "$$REMOVE", op("$cond", wasAddedTo(counts), "$$REMOVE", known));
  }

  private static Document wasAddedTo(JobCounts.ByStatus counts) {
    return op(
        "$and",
        counts.open() > 0,
        CancellationMarkers.missing(),
        new Document("$not", CancellationMarkers.cancelledBefore()),
        op("$gt", counts.total(), knownTotal(counts)));
  }

  /** The size with which it finished, else the size when last counted, else the size now. */
  private static Document knownTotal(JobCounts.ByStatus counts) {
    return op(
        "$ifNull",
        "$" + BatchFields.FINISHED_TOTAL,
        "$" + BatchFields.COUNTERS_TOTAL,
        counts.total());
  }

  private static Document hasNotCompleted() {
    return BatchFields.hasNone(BatchFields.COMPLETED_AT);
  }
}
