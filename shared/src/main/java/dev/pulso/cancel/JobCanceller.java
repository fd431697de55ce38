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
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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

  /** A cancel waits no longer than that for a figure. */
  private static final Duration FOR_A_FIGURE = Duration.ofSeconds(1);

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

  /** Counts the jobs of a batch that are cancelled; empty where that fails or takes long. */
  OptionalLong countCancelled(String batchId) {
    try {
      return OptionalLong.of(halved.countCancelled(batchId, Deadline.in(FOR_A_FIGURE)));
    } catch (MongoException e) {
      // No cancel fails for a figure.
      Log.failure("cancel", Optional.empty(), "JOBS_NOT_COUNTED", e);
      return OptionalLong.empty();
    }
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

  static Bson isCancelled(String batchId) {
    return and(eq(JobFields.BATCH_ID, batchId), eq(JobFields.STATUS, JobStatus.CANCELLED));
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
