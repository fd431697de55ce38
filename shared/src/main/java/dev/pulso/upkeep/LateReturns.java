package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import dev.pulso.batch.AuditAction;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.types.MinKey;

/**
 * Sweeps cancelled batches in which jobs wait again, because a worker gave one back or more were
 * uploaded. Each run checks the recently cancelled batches and a part of the others. The database
 * stores where the next run continues.
 */
final class LateReturns {
  /** Maximum pages of each list per run; an installation has some thousands of batches. */
  private static final int PAGES = 20;

  /** By then, calls that were in progress at the cancel have ended. */
  private static final Duration LATELY = Duration.ofHours(1);

  private static final List<String> OF_BATCH =
      List.of(BatchFields.BATCH_ID, BatchFields.CANCELLED_AT, BatchFields.CANCEL_OPEN);

  /**
   * Other types of cancelled_at, which other programs may have written; the index contains them
   * too.
   */
  private static final List<String> ODD =
      List.of("number", "string", "object", "array", "binData", "objectId", "bool", "timestamp");

  private final Db db;
  private final Pager pager;
  private final Batches batches;
  private final CancelCompletion completion;
  private final JobCanceller jobs;
  private final Recounter recounter;

  LateReturns(
      Db db,
      Pager pager,
      Batches batches,
      CancelCompletion completion,
      JobCanceller jobs,
      Recounter recounter) {
    this.db = db;
    this.pager = pager;
    this.batches = batches;
    this.completion = completion;
    this.jobs = jobs;
    this.recounter = recounter;
  }

  /**
   * Sweeps late returns.
   *
   * @param now the server's time
   * @return number of batches swept
   */
  int sweep(Instant now, Deadline deadline, Steps.Each each) {
    ToIntFunction<List<Document>> sweepAll = page -> sweepAll(batchIds(page), deadline, each);
    Instant lately = now.minus(LATELY);
    return pager.goAnew(cancelledSince(lately), PAGES, deadline, sweepAll)
        + pager.goOn(odd(), 1, deadline, sweepAll)
        + pager.goOn(
            cancelledSince(Instant.ofEpochMilli(Long.MIN_VALUE)), PAGES, deadline, sweepAll)
        + pager.goOn(audited(), PAGES, deadline, sweepAll);
  }

  private Pager.Walk cancelledSince(Instant since) {
    return new Pager.Walk(
        "late_returns cancelled",
        db.batches(),
        Batches.isNoArray(BatchFields.CANCELLED_AT),
        BatchFields.CANCELLED_AT,
        Date.from(since),
        OF_BATCH);
  }

  private Pager.Walk odd() {
    return new Pager.Walk(
        "late_returns odd",
        db.batches(),
        and(
            new Document(BatchFields.CANCELLED_AT, new Document("$type", ODD)),
            CancellationMarkers.isSet()),
        BatchFields.ID,
        new MinKey(),
        OF_BATCH);
  }

  /** The audit log also knows cancels of batches that were deleted. */
  private Pager.Walk audited() {
    return new Pager.Walk(
        "late_returns audited",
        db.auditLog(),
        and(
            Batches.isNoArray(AuditLog.BATCH_ID),
            eq(AuditLog.ACTION, AuditAction.BATCH_CANCELLED.value())),
        AuditLog.BATCH_ID,
        "",
        List.of(AuditLog.BATCH_ID));
  }

  /** Returns the batch_ids of a page of batches or audit entries; both use the same field. */
  private static Set<String> batchIds(List<Document> page) {
    Set<String> batchIds = new HashSet<>();
    for (Document each : page) {
      Document cancel = BatchFields.cancelOf(each);
      if (!Lenient.isTrue(cancel.get("open"))) {
        Lenient.text(each.get(BatchFields.BATCH_ID)).ifPresent(batchIds::add);
      }
    }
    return batchIds;
  }

  private int sweepAll(Set<String> batchIds, Deadline deadline, Steps.Each each) {
    int swept = 0;
    Set<String> late = deadline.passed() ? Set.of() : withWaitingJobs(batchIds, deadline);
    int parts = late.size();
    for (String batchId : late) {
      Deadline part = deadline.orIn(deadline.remaining().dividedBy(parts--));
      swept += each.isDone(() -> sweep(batchId, part)) ? 1 : 0;
    }
    return swept;
  }

  /**
   * Returns the requested ids that have waiting jobs. A job may contain several ids, and nulls, in
   * an array.
   */
  private Set<String> withWaitingJobs(Set<String> batchIds, Deadline deadline) {
    Set<String> waiting = new HashSet<>();
    if (!batchIds.isEmpty()) {
      db.jobs(deadline.remaining())
          .distinct(
              JobFields.BATCH_ID,
              and(in(JobFields.BATCH_ID, batchIds), in(JobFields.STATUS, JobStatus.WAITING)),
              BsonValue.class)
          .forEach(
              batchId -> {
                if (batchId instanceof BsonString text) {
                  waiting.add(text.getValue());
                }
              });
    }
    waiting.retainAll(batchIds);
    return waiting;
  }

  private boolean sweep(String batchId, Deadline deadline) {
    List<Batch> those = batches.findSome(Batches.withBatchId(batchId), Batches.MOST_TWINS);
    Optional<Batch> cancelled = those.stream().filter(Batch::isCancelled).findFirst();
    if (cancelled.isPresent()) {
      return completion.complete(cancelled.get(), deadline) instanceof CancelOutcome.Cancelled;
    }
    // No batch: it was deleted. Another batch: it was uploaded again.
    if (!those.isEmpty() || !jobs.cancelWaiting(batchId, auditedReason(batchId), 0, deadline)) {
      return false;
    }
    recounter.recountNow(JobGroup.of(batchId), deadline);
    return true;
  }

  private Optional<String> auditedReason(String batchId) {
    return Optional.ofNullable(
            db.auditLog()
                .find(
                    and(
                        eq(AuditLog.BATCH_ID, batchId),
                        eq(AuditLog.ACTION, AuditAction.BATCH_CANCELLED.value())))
                .first())
        .flatMap(entry -> Lenient.text(entry.get(AuditLog.REASON)));
  }
}
