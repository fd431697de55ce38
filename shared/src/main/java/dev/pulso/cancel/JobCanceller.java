package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.client.model.Projections;
import com.mongodb.client.result.UpdateResult;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Cancels the waiting jobs of a batch. The filter is the cursor: a job that is cancelled no longer
 * matches, so doing it twice, or by two at once, or again after a death in the middle, is harmless.
 */
public final class JobCanceller {
  static final String NO_REASON = "Batch cancelled";

  /** Up to so many jobs one plain update is the quickest. */
  private static final int FEW = 4_000;

  /**
   * What one plain update may take before the work is halved: more than a few thousand jobs take
   * where nobody knows how many there are.
   */
  private static final Duration ONE_TRIP = Duration.ofMillis(250);

  private final Db db;
  private final HalvedCancel halved;

  public JobCanceller(Db db, JobIndexes indexes) {
    this.db = db;
    this.halved = new HalvedCancel(db, indexes);
  }

  /**
   * Cancels what waits: by one update while that is quick, which it is for most batches, else by
   * two at once.
   *
   * @param expected how many jobs may wait, as far as anybody knows
   * @return whether nothing waits any more; false when the deadline passed first
   */
  public boolean cancelWaiting(
      String batchId, Optional<String> reason, long expected, Deadline deadline) {
    if (deadline.passed()) {
      return false;
    }
    if (areMany(expected)
        || (expected == 0 && areMany(halved.countUpTo(FEW + 1, batchId, deadline)))) {
      return halved.cancel(batchId, reason, deadline);
    }
    try {
      Deadline oneTrip = deadline.orIn(ONE_TRIP);
      UpdateResult done =
          ServerErrors.repeating(
              () -> db.jobs(oneTrip.remaining()).updateMany(waiting(batchId), cancelled(reason)));
      Observation.current().jobsCancelled(done.getModifiedCount());
      return true;
    } catch (MongoException e) {
      // What it did until then stays done.
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
    }
    return halved.cancel(batchId, reason, deadline);
  }

  static boolean areMany(long jobs) {
    return jobs > FEW;
  }

  /** Whether a job of the batch waits. */
  public boolean isAnyWaiting(String batchId) {
    return db.jobs()
            .find(waiting(batchId))
            .projection(Projections.include(JobFields.STATUS))
            .limit(1)
            .first()
        != null;
  }

  static Bson waiting(String batchId) {
    return and(eq(JobFields.BATCH_ID, batchId), in(JobFields.STATUS, JobStatus.WAITING));
  }

  /** What a cancel changes of a job, and nothing else. */
  static Bson cancelled(Optional<String> reason) {
    return new Document(
            "$set",
            new Document(JobFields.STATUS, JobStatus.CANCELLED)
                .append(JobFields.CANCELLATION_REASON, reason.orElse(NO_REASON)))
        .append("$currentDate", new Document(JobFields.UPDATED_AT, true));
  }
}
