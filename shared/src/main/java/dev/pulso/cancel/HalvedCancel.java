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
 * Cancels very many jobs by two updates at once, one for the lower ids and one for the others, each
 * guarded by status. No transaction, so none can grow too large or conflict, and no list of ids: it
 * costs the server a seek for each. The halves don't wait for a majority; one plain update at the
 * end does, for both, and takes what came to wait meanwhile or was lost with a primary.
 */
final class HalvedCancel {
  /** Ids in the middle of the index: neighbours, where ids grow, and anything, where they don't. */
  private static final int SAMPLE = 101;

  /** Within what the caller keeps back for counters. */
  private static final Duration FOR_COUNTING = Duration.ofSeconds(1);

  private final Db db;
  private final JobIndexes indexes;

  HalvedCancel(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /**
   * @return whether nothing waits any more; false when the deadline passed first
   */
  boolean cancel(String batchId, Optional<String> reason, Deadline deadline) {
    Bson waiting = JobCanceller.waiting(batchId);
    Bson cancelled = JobCanceller.cancelled(reason);
    Optional<String> index = indexes.figuresHint();
    long before = 0;
    try {
      before = count(waiting, index, deadline);
      long done = 0;
      if (index.isPresent()) {
        Optional<Object> middle = middle(waiting, before, index.get(), deadline);
        if (middle.isPresent()) {
          done += halves(waiting, middle.get(), cancelled, index.get(), deadline);
        }
      }
      done +=
          ServerErrors.repeating(() -> db.jobs(deadline.remaining()).updateMany(waiting, cancelled))
              .getModifiedCount();
      Observation.current().jobsCancelled(done);
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        indexes.forget();
        throw e;
      }
      noteWhatWasDone(waiting, before, index);
      return false;
    }
  }

  /** What was done until the time was over stays done, and only a count tells how much it is. */
  private void noteWhatWasDone(Bson waiting, long before, Optional<String> index) {
    try {
      long left = count(waiting, index, Deadline.in(FOR_COUNTING));
      Observation.current().jobsCancelled(Math.max(0, before - left));
    } catch (MongoException e) {
      // So busy that nobody knows. Upkeep goes on, and recounts.
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
    }
  }

  /** Returns how many jobs wait, or {@code most} if there are more: as many keys are read. */
  long countUpTo(int most, String batchId, Deadline deadline) {
    return count(
        JobCanceller.waiting(batchId),
        indexes.figuresHint(),
        deadline,
        new CountOptions().limit(most));
  }

  /** Returns how many jobs of a batch are cancelled. */
  long countCancelled(String batchId, Deadline deadline) {
    try {
      return count(JobCanceller.isCancelled(batchId), indexes.figuresHint(), deadline);
    } catch (MongoException e) {
      indexes.forget();
      throw e;
    }
  }

  private long count(Bson filter, Optional<String> index, Deadline deadline) {
    return count(filter, index, deadline, new CountOptions());
  }

  private long count(Bson filter, Optional<String> index, Deadline deadline, CountOptions options) {
    index.ifPresent(options::hintString);
    return db.jobs(deadline.remaining()).countDocuments(filter, options);
  }

  /**
   * An id with about as many below as above. A bad guess leaves more to one of the two updates, and
   * is no mistake otherwise.
   */
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

  /** Goes once over all that wait, and says how many jobs it cancelled. */
  private long halves(
      Bson waiting, Object middle, Bson cancelled, String index, Deadline deadline) {
    Bson lower = lt(JobFields.ID, middle);
    Observation observation = Observation.current();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> halves = new ArrayList<>();
      // Whatever is not below: ids of another type too, which no comparison finds.
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
          : new IllegalStateException("half of a cancel failed", e.getCause());
    }
  }

  /** By that index: with a condition on ids, the server may find walking all ids quicker. */
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
