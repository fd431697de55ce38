package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.mongo.Db;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * Carries a cancel through behind its fence: jobs, counters, and the note that it is done. Every
 * step may be repeated; what is not noted as done is found again by upkeep.
 */
public final class CancelCompletion {
  /** Kept back from the caller's time for the counters. */
  private static final Duration FOR_COUNTERS = Duration.ofSeconds(2);

  private final Db db;
  private final JobCanceller jobs;
  private final Recounter recounter;

  public CancelCompletion(Db db, JobCanceller jobs, Recounter recounter) {
    this.db = db;
    this.jobs = jobs;
    this.recounter = recounter;
  }

  /**
   * Does what is left to do.
   *
   * @return whether all is done; false when the deadline passed first
   */
  public boolean complete(Batch batch, Optional<String> reason, Deadline deadline) {
    Optional<String> batchId = batch.batchId();
    if (batchId.isPresent()) {
      if (!jobs.cancelWaiting(
              batchId.get(), reason, expected(batch), deadline.earlierBy(FOR_COUNTERS))
          || !recounter.recountSince(JobGroup.of(batchId.get()), db.now(), deadline)) {
        return false;
      }
    }
    close(batch);
    return true;
  }

  /** How many jobs may wait, as far as the counters tell. */
  private static long expected(Batch batch) {
    return Math.max(batch.counters().pending(), batch.counters().open());
  }

  private void close(Batch batch) {
    db.batches()
        .updateOne(
            and(eq(BatchFields.ID, batch.id()), eq(BatchFields.CANCEL_OPEN, true)),
            List.of(
                new Document(
                    "$set",
                    new Document(BatchFields.CANCEL_OPEN, "$$REMOVE")
                        .append(
                            BatchFields.CANCELLED_JOBS,
                            new Document(
                                "$ifNull",
                                List.of("$" + BatchFields.FIGURES + ".cancelled", 0L))))));
  }
}
