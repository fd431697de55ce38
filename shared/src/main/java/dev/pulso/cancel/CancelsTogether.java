package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.nin;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Completes the cancels of many small batches in few round trips. It leaves open what is not as
 * usual; {@link CancelCompletion} completes those.
 */
public final class CancelsTogether {
  /** Most waiting jobs of all batches of one update, so that it is short. */
  private static final long MOST_JOBS = 4_000;

  private final Db db;
  private final CancelCompletion completion;
  private final JobCanceller jobs;
  private final Recounter recounter;

  public CancelsTogether(
      Db db, CancelCompletion completion, JobCanceller jobs, Recounter recounter) {
    this.db = db;
    this.completion = completion;
    this.jobs = jobs;
    this.recounter = recounter;
  }

  /** Completes what it can of these cancels. Their audit entries have to be delivered. */
  public void complete(List<Batch> batches, Deadline deadline) {
    batches.stream()
        .filter(CancelsTogether::isUsual)
        .collect(Collectors.groupingBy(Batch::cancellationReason))
        .forEach((reason, those) -> complete(reason, those, deadline));
  }

  private static boolean isUsual(Batch batch) {
    return batch.batchId().isPresent()
        && batch.isCounted()
        && batch.outbox().isEmpty()
        && !batch.isEarlierUncounted();
  }

  private void complete(Optional<String> reason, List<Batch> batches, Deadline deadline) {
    List<Batch> next = new ArrayList<>();
    long expected = 0;
    for (Batch batch : batches) {
      long more = CancelCompletion.expected(batch);
      if (expected + more > MOST_JOBS) {
        completeAtOnce(reason, next, deadline);
        next.clear();
        expected = 0;
      }
      next.add(batch);
      expected += more;
    }
    completeAtOnce(reason, next, deadline);
  }

  private void completeAtOnce(Optional<String> reason, List<Batch> batches, Deadline deadline) {
    List<String> batchIds = batches.stream().flatMap(batch -> batch.batchId().stream()).toList();
    List<Object> ids = batches.stream().map(Batch::id).toList();
    if (batches.isEmpty()
        || deadline.passed()
        || haveTwins(batchIds, ids)
        || !jobs.cancelWaiting(batchIds, reason, deadline)) {
      return;
    }
    Instant asOf = db.now();
    Set<JobGroup> counted =
        recounter.recountAll(batchIds.stream().map(JobGroup::of).toList(), deadline);
    if (!counted.isEmpty()) {
      completion.close(
          and(in(BatchFields.ID, ids), gte(BatchFields.COUNTERS_TAKEN_AT, Date.from(asOf))));
    }
  }

  /** Returns whether other batches share their jobs, and are not marked yet. */
  private boolean haveTwins(List<String> batchIds, List<Object> ids) {
    return db.batches()
            .find(
                and(
                    in(BatchFields.BATCH_ID, batchIds),
                    nin(BatchFields.ID, ids),
                    CancellationMarkers.isMissing()))
            .limit(1)
            .first()
        != null;
  }
}
