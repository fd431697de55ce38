package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.not;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.conversions.Bson;

/**
 * Cancels many jobs by two concurrent updates, one for the lower ids and one for the others. Both
 * are guarded by status. It uses no transaction, which could grow too large or conflict, and no
 * list of ids, which would cost the server one seek per id. The halves do not wait for a majority.
 * A plain update at the end does, for both; it also cancels jobs that came to wait meanwhile or
 * were lost with a primary.
 */
final class HalvedCancel {
  /** Number of ids sampled in the middle of the index. */
  private static final int SAMPLE = 101;

  /**
   * Time for few jobs: much more than they need, unless another program's transaction locks one.
   */
  private static final Duration FOR_FEW = Db.OPERATION_TIMEOUT;

  /** Part of the time that the caller keeps for counting. */
  private static final Duration FOR_COUNTING = Duration.ofSeconds(1);

  private final Db db;
  private final JobIndexes indexes;

  HalvedCancel(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /**
   * @return whether no job waits; false if the deadline passed first, or a few jobs took too long
   */
  boolean cancel(String batchId, Optional<String> reason, Deadline deadline) {
    return indexes.using(() -> cancelOnce(batchId, reason, deadline));
  }

  private boolean cancelOnce(String batchId, Optional<String> reason, Deadline deadline) {
    Bson waiting = JobCanceller.waiting(batchId);
    Bson cancelled = JobCanceller.cancelled(reason);
    Optional<String> index = indexes.countersHint();
    long before = 0;
    try {
      before = count(waiting, index, deadline);
      Deadline limit = JobCanceller.areMany(before) ? deadline : deadline.orIn(FOR_FEW);
      long done = 0;
      if (index.isPresent()) {
        Optional<Object> middle = middle(waiting, before, index.get(), limit);
        if (middle.isPresent()) {
          done += halves(waiting, middle.get(), cancelled, index.get(), limit);
        }
      }
      done +=
          ServerErrors.repeating(() -> db.jobs(limit.remaining()).updateMany(waiting, cancelled))
              .getModifiedCount();
      Observation.current().jobsCancelled(done);
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      noteWhatWasDone(waiting, before, index);
      return false;
    }
  }

  /** Notes how many jobs were cancelled before the timeout. Only a count can tell. */
  private void noteWhatWasDone(Bson waiting, long before, Optional<String> index) {
    // If the server is too busy to count: upkeep continues and recounts.
    long left = ServerErrors.inTime(() -> count(waiting, index, Deadline.in(FOR_COUNTING)), before);
    Observation.current().jobsCancelled(Math.max(0, before - left));
  }

  /** Returns how many jobs wait, at most {@code most}; reads as many index keys. */
  long countUpTo(int most, String batchId, Deadline deadline) {
    Bson waiting = JobCanceller.waiting(batchId);
    return indexes.using(
        () -> count(waiting, indexes.countersHint(), deadline, new CountOptions().limit(most)));
  }

  private long count(Bson filter, Optional<String> index, Deadline deadline) {
    return count(filter, index, deadline, new CountOptions());
  }

  private long count(Bson filter, Optional<String> index, Deadline deadline, CountOptions options) {
    index.ifPresent(options::hintString);
    return db.jobs(deadline.remaining()).countDocuments(filter, options);
  }

  /** Returns an id near the median. A bad guess makes one update larger, and is not wrong. */
  private Optional<Object> middle(Bson waiting, long count, String index, Deadline deadline) {
    List<Object> ids = new ArrayList<>();
    db.jobs(deadline.remaining())
        .find(waiting)
        .hintString(index)
        .projection(Projections.include(JobFields.ID))
        .skip(Math.clamp((count - SAMPLE) / 2, 0, Integer.MAX_VALUE))
        .limit(SAMPLE)
        .forEach(job -> ids.add(job.get(JobFields.ID)));
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    if (ids.getFirst() instanceof Comparable<?> first
        && ids.stream().allMatch(first.getClass()::isInstance)) {
      ids.sort(null);
    }
    return Optional.ofNullable(ids.get(ids.size() / 2));
  }

  /** Updates both halves once, and returns how many jobs were cancelled. */
  private long halves(
      Bson waiting, Object middle, Bson cancelled, String index, Deadline deadline) {
    Bson lower = lt(JobFields.ID, middle);
    Observation observation = Observation.current();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> halves = new ArrayList<>();
      // "Not below" also covers ids of another type, which no comparison matches.
      for (Bson half : List.of(lower, not(lower))) {
        halves.add(
            executor.submit(
                () ->
                    observation.during(
                        () -> update(and(waiting, half), cancelled, index, deadline))));
      }
      long done = 0;
      for (Future<Long> half : halves) {
        done += half.get();
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cancelling", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MongoException cause
          ? cause
          : new IllegalStateException("one half of the cancel failed", e.getCause());
    }
  }

  /** Uses a hint: with a condition on ids, the server may choose to walk all ids. */
  private long update(Bson half, Bson cancelled, String index, Deadline deadline) {
    UpdateOptions options = new UpdateOptions().hintString(index);
    return ServerErrors.repeating(
            () ->
                db.jobs(deadline.remaining())
                    .withWriteConcern(WriteConcern.W1)
                    .updateMany(half, cancelled, options))
        .getModifiedCount();
  }
}
