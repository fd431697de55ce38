package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import com.mongodb.client.result.UpdateResult;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Cancels the waiting jobs of a batch. The filter is the cursor: a cancelled job no longer matches.
 * So repeated and concurrent runs, and runs after a crash, are harmless.
 */
public final class JobCanceller {
  static final String NO_REASON = "Batch cancelled";

  /**
   * Up to this many jobs, one plain update is the fastest: a second one at the same time needs a
   * second connection, and a function opens it for this cancel alone.
   */
  private static final int FEW = 4_000;

  /**
   * Time for one plain update before the work is split. A few thousand jobs need much less, also on
   * a busy server: a timeout closes the connection, and a new one costs such a server more. If the
   * batch has many more jobs than expected, nothing is lost, since updated jobs stay cancelled.
   */
  private static final Duration ONE_TRIP = Duration.ofMillis(500);

  /** The marker waits no longer than this for a count. */
  public static final Duration FOR_A_FIGURE = Duration.ofSeconds(1);

  private final Db db;
  private final HalvedCancel halved;

  public JobCanceller(Db db, JobIndexes indexes) {
    this.db = db;
    this.halved = new HalvedCancel(db, indexes);
  }

  /**
   * Cancels the waiting jobs: by one update if that is fast, as for most batches, else by two
   * concurrent ones.
   *
   * @param expected estimate of the waiting jobs
   * @return whether no job waits; false if the deadline passed first
   */
  public boolean cancelWaiting(
      String batchId, Optional<String> reason, long expected, Deadline deadline) {
    return cancelWaiting(batchId, reason, expected, deadline, WriteConcern.MAJORITY);
  }

  /**
   * Does the same, but a crash of the server may undo it: the caller confirms that no job waits,
   * and makes that durable.
   */
  boolean cancelUnconfirmed(
      String batchId, Optional<String> reason, long expected, Deadline deadline) {
    return cancelWaiting(batchId, reason, expected, deadline, WriteConcern.W1);
  }

  private boolean cancelWaiting(
      String batchId,
      Optional<String> reason,
      long expected,
      Deadline deadline,
      WriteConcern ofFew) {
    if (deadline.passed()) {
      return false;
    }
    if (areMany(expected)
        || (expected == 0 && areMany(halved.countUpTo(FEW + 1, batchId, deadline)))) {
      return halved.cancel(batchId, reason, deadline);
    }
    return cancelWaiting(List.of(batchId), reason, deadline.orIn(ONE_TRIP), ofFew)
        || halved.cancel(batchId, reason, deadline);
  }

  /**
   * Cancels the waiting jobs of several batches by one update.
   *
   * @return whether none waits; false if the deadline passed first, and what was updated until then
   *     stays cancelled
   */
  boolean cancelWaiting(List<String> batchIds, Optional<String> reason, Deadline deadline) {
    return cancelWaiting(batchIds, reason, deadline, WriteConcern.MAJORITY);
  }

  private boolean cancelWaiting(
      List<String> batchIds, Optional<String> reason, Deadline deadline, WriteConcern concern) {
    Bson waiting = and(in(JobFields.BATCH_ID, batchIds), in(JobFields.STATUS, JobStatus.WAITING));
    return ServerErrors.inTime(
        () -> {
          UpdateResult done =
              ServerErrors.repeating(
                  () ->
                      db.jobs(deadline.remaining())
                          .withWriteConcern(concern)
                          .updateMany(waiting, cancelled(reason)));
          Observation.current().jobsCancelled(done.getModifiedCount());
          return true;
        },
        false);
  }

  static boolean areMany(long jobs) {
    return jobs > FEW;
  }

  /** Counts the cancelled jobs of a batch; empty if that fails or takes too long. */
  Optional<Long> countCancelled(String batchId, Deadline deadline) {
    return countCancelled(List.of(batchId), deadline).map(of -> of.getOrDefault(batchId, 0L));
  }

  /**
   * Counts the cancelled jobs of many batches, by batch_id, except where there are none; empty if
   * that fails or takes too long.
   */
  public Optional<Map<String, Long>> countCancelled(
      Collection<String> batchIds, Deadline deadline) {
    Map<String, Long> cancelled = new HashMap<>();
    try {
      db.jobs(deadline.remaining())
          .aggregate(
              List.of(
                  Aggregates.match(
                      and(
                          in(JobFields.BATCH_ID, batchIds),
                          eq(JobFields.STATUS, JobStatus.CANCELLED))),
                  Aggregates.group("$" + JobFields.BATCH_ID, Accumulators.sum("jobs", 1L))))
          .forEach(
              of ->
                  Lenient.text(of.get("_id"))
                      .ifPresent(id -> cancelled.put(id, Lenient.count(of.get("jobs")))));
      return Optional.of(cancelled);
    } catch (MongoException e) {
      // A missing count must not fail the cancel.
      Log.failure("cancel", Optional.empty(), "JOBS_NOT_COUNTED", e);
      return Optional.empty();
    }
  }

  /** Returns whether a job of the batch waits. */
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

  /** Returns the changes that a cancel makes to a job. */
  static Bson cancelled(Optional<String> reason) {
    return new Document(
            "$set",
            new Document(JobFields.STATUS, JobStatus.CANCELLED)
                .append(JobFields.CANCELLATION_REASON, reason.orElse(NO_REASON)))
        .append("$currentDate", new Document(JobFields.UPDATED_AT, true));
  }
}
