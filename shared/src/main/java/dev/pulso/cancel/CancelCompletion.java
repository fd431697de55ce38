package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Counters;
import dev.pulso.batch.Outbox;
import dev.pulso.cancel.CancelOutcome.Cancelled;
import dev.pulso.cancel.CancelOutcome.StillCancelling;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Completes a cancel after its marker is set: jobs, counters, closing. Every step is safe to
 * repeat, and upkeep finds cancels that are not closed.
 */
public final class CancelCompletion {
  /** Time kept for counting, but never more than half of the caller's. */
  private static final Duration FOR_COUNTERS = Duration.ofSeconds(2);

  /** Where no job was found, both are missing. */
  private static final Bson NONE_WAITS =
      and(in(BatchFields.COUNTERS_PENDING, 0, null), in(BatchFields.COUNTERS_SCHEDULED, 0, null));

  private final Db db;
  private final JobCanceller jobs;
  private final Recounter recounter;
  private final CancellationMarkers markers;

  public CancelCompletion(
      Db db, CancellationMarkers markers, JobCanceller jobs, Recounter recounter) {
    this.db = db;
    this.jobs = jobs;
    this.recounter = recounter;
    this.markers = markers;
  }

  /** Does the remaining work of a cancel; the deadline may pass first. */
  public CancelOutcome complete(Batch batch, Deadline deadline) {
    Optional<String> reason = audit(batch, deadline);
    Optional<String> batchId = batch.batchId();
    if (batchId.isEmpty()) {
      close(batch, new Document());
      return new Cancelled(reason);
    }
    return cancelJobs(batch, batchId.get(), reason, deadline)
            && closeOverCounters(batch, batchId.get(), reason, deadline)
        ? new Cancelled(reason)
        : new StillCancelling(reason);
  }

  /**
   * Moves the audit entry to the audit log and returns the reason of the first cancel. If the audit
   * log refuses the entry, the jobs are cancelled nevertheless, and the cancel stays open.
   */
  private Optional<String> audit(Batch batch, Deadline deadline) {
    try {
      return markers.audit(batch);
    } catch (MongoException e) {
      if (batch.batchId().isPresent() && !ServerErrors.isTimeout(e) && !ServerErrors.isPassing(e)) {
        cancelUnaudited(batch, batch.batchId().get(), deadline, e);
      }
      throw e;
    }
  }

  private void cancelUnaudited(
      Batch batch, String batchId, Deadline deadline, MongoException refusal) {
    try {
      cancelJobs(batch, batchId, batch.cancellationReason(), deadline);
      recounter.recountNow(JobGroup.of(batchId), deadline);
    } catch (MongoException e) {
      refusal.addSuppressed(e);
    }
  }

  private boolean cancelJobs(
      Batch batch, String batchId, Optional<String> reason, Deadline deadline) {
    markers.setOnTwins(batch, reason);
    return isEarlierCounted(batch, batchId, deadline)
        && jobs.cancelUnconfirmed(
            batchId, reason, expected(batch), deadline.keepingBack(FOR_COUNTERS));
  }

  /**
   * Counts the jobs that were cancelled before the marker, if that took too long then. If it fails
   * again, the last recount decides, unless there was too little time: then somebody who has more
   * does it.
   */
  private boolean isEarlierCounted(Batch batch, String batchId, Deadline deadline) {
    if (!batch.isEarlierUncounted()) {
      return true;
    }
    Deadline half = deadline.share(50);
    boolean isLong = half.remaining().compareTo(JobCanceller.FOR_A_FIGURE) >= 0;
    Optional<Long> earlier = jobs.countCancelled(batchId, half);
    if (earlier.isEmpty() && !isLong) {
      return false;
    }
    Document counted = new Document(BatchFields.EARLIER_UNCOUNTED, "$$REMOVE");
    earlier.ifPresent(count -> counted.append(BatchFields.CANCELLED_EARLIER, count));
    // Durable before the first job changes, and never changed afterwards.
    Bson uncounted = and(same(batch), eq(BatchFields.EARLIER_UNCOUNTED, true));
    ServerErrors.repeating(
        () -> db.batches().updateMany(uncounted, List.of(new Document("$set", counted))));
    return true;
  }

  /**
   * A crash of the server may undo the cancelling of the jobs, or the write of the counters. So the
   * cancel is closed over counters that say that none waits: they were written after the jobs, and
   * the majority write that closes makes both durable. Otherwise both are done again. After a crash
   * between the count and the write of the counters these say what is no longer so. So one look at
   * the jobs follows the majority write: what it sees is durable.
   */
  private boolean closeOverCounters(
      Batch batch, String batchId, Optional<String> reason, Deadline deadline) {
    boolean areDurable = false;
    while (true) {
      OptionalLong token = recounter.recountNow(JobGroup.of(batchId), deadline);
      if (token.isEmpty()) {
        return false;
      }
      Bson areThere = gte(BatchFields.COUNTERS_TOKEN, token.getAsLong());
      Bson isConfirmed = areDurable ? areThere : and(areThere, NONE_WAITS);
      boolean isClosed = close(batch, isConfirmed) || !isOpen(batch);
      if (isClosed && (areDurable || !jobs.isAnyWaiting(batchId))) {
        return true;
      }
      // From here on the update waits for a majority itself. Sweeps cancel what workers give back.
      Deadline forJobs = deadline.keepingBack(FOR_COUNTERS);
      if (!jobs.cancelWaiting(batchId, reason, expected(batch), forJobs)) {
        return false;
      }
      areDurable = true;
    }
  }

  private boolean isOpen(Batch batch) {
    return db.batches().countDocuments(and(same(batch), eq(BatchFields.CANCEL_OPEN, true))) > 0;
  }

  /** Batches with the same batch_id share their jobs, so their cancels close together. */
  private static Bson same(Batch batch) {
    return batch.batchId().map(Batches::withBatchId).orElse(eq(BatchFields.ID, batch.id()));
  }

  /**
   * Returns whether the batch may have so many jobs, waiting or cancelled earlier, that other
   * cancels should not wait for it.
   */
  public boolean isLarge(Batch batch) {
    return batch.isEarlierUncounted() || JobCanceller.areMany(expected(batch));
  }

  /**
   * Returns an estimate of the waiting jobs from the counters; before the first recount, from those
   * of the uploader.
   */
  static long expected(Batch batch) {
    Counters counters = batch.counters();
    return Math.max(counters.pending(), batch.isCounted() ? counters.open() : counters.total());
  }

  /** Returns whether it closed the cancel. */
  private boolean close(Batch batch, Bson condition) {
    return close(and(same(batch), condition), batch.outbox());
  }

  /** Closes the cancels of these batches, which were recounted after their jobs were cancelled. */
  void close(Bson batches) {
    close(batches, List.of());
  }

  /**
   * Returns whether it closed a cancel. This majority write also makes the earlier writes durable.
   */
  private boolean close(Bson batches, List<Document> delivered) {
    List<Document> stages = new ArrayList<>();
    stages.add(
        new Document(
            "$set",
            new Document(BatchFields.CANCEL_OPEN, "$$REMOVE")
                .append(BatchFields.CANCELLED_JOBS, cancelledSoFar())
                .append(BatchFields.EARLIER_UNCOUNTED, "$$REMOVE")
                // Invalidates overviews that were read before the last recount of this cancel.
                .append(BatchFields.ACTED_AT, "$$NOW")));
    if (!delivered.isEmpty()) {
      stages.addAll(Outbox.without(delivered));
    }
    Bson closing = and(batches, CancellationMarkers.isSet());
    MongoCollection<Document> durably = db.batches().withWriteConcern(WriteConcern.MAJORITY);
    return ServerErrors.repeating(() -> durably.updateMany(closing, stages)).getMatchedCount() > 0;
  }

  /** Returns an expression: how many jobs the cancel of a batch cancelled, as last counted. */
  public static Document cancelledSoFar() {
    Document inAll = orZero(BatchFields.COUNTERS_CANCELLED);
    Document byThis = op("$subtract", inAll, orZero(BatchFields.CANCELLED_EARLIER));
    // Jobs cancelled earlier or by this cancel may have been deleted since.
    return op("$max", byThis, 0L);
  }

  private static Document orZero(String field) {
    return op("$ifNull", "$" + field, 0L);
  }
}
