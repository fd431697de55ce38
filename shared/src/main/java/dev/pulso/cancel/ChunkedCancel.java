package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.result.UpdateResult;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Cancels very many jobs: one reader walks the ids of those that wait, several writers update them
 * in chunks by id, guarded by status. No transaction, so none can grow too large or conflict. The
 * chunks don't wait for a majority; one plain update at the end does, for all of them, and takes
 * what came to wait meanwhile or was lost with a primary.
 */
final class ChunkedCancel {
  /**
   * Measured with 500 to 10,000 and one to three writers: smaller chunks, or more writers, take the
   * server longer for each job, and one writer leaves half of it idle.
   */
  private static final int CHUNK = 8_000;

  private static final int WRITERS = 2;
  private static final String ID = "_id";

  /** Else the server tries for each chunk anew whether to walk all that waits instead. */
  private static final UpdateOptions BY_ID = new UpdateOptions().hint(new Document(ID, 1));

  private final Db db;

  ChunkedCancel(Db db) {
    this.db = db;
  }

  /**
   * @return whether nothing waits any more; false when the deadline passed first
   */
  boolean cancel(String batchId, Optional<String> reason, Deadline deadline) {
    try {
      pass(batchId, reason, deadline);
      if (deadline.passed()) {
        return false;
      }
      note(
          db.jobs(deadline.remaining())
              .updateMany(JobCanceller.waiting(batchId), JobCanceller.cancelled(reason)));
      return true;
    } catch (MongoException e) {
      // What it did until then stays done.
      if (ServerErrors.isTimeout(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Goes once over all that wait. */
  private void pass(String batchId, Optional<String> reason, Deadline deadline) {
    Bson waiting = JobCanceller.waiting(batchId);
    Semaphore writers = new Semaphore(WRITERS);
    List<Future<?>> chunks = new ArrayList<>();
    Observation observation = Observation.current();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        MongoCursor<Document> ids =
            db.jobs(deadline.remaining())
                .find(waiting)
                .projection(Projections.include(ID))
                .batchSize(CHUNK)
                .cursor()) {
      while (!deadline.passed() && ids.hasNext()) {
        List<Object> chunk = new ArrayList<>(CHUNK);
        while (chunk.size() < CHUNK && ids.hasNext()) {
          chunk.add(ids.next().get(ID));
        }
        writers.acquire();
        chunks.add(
            executor.submit(
                () -> {
                  try {
                    return observation.during(() -> write(chunk, waiting, reason, deadline));
                  } finally {
                    writers.release();
                  }
                }));
      }
      for (Future<?> chunk : chunks) {
        chunk.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cancelling", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MongoException cause
          ? cause
          : new IllegalStateException("a chunk of a cancel failed", e.getCause());
    }
  }

  private UpdateResult write(
      List<Object> chunk, Bson waiting, Optional<String> reason, Deadline deadline) {
    return note(
        db.jobs(deadline.remaining())
            .withWriteConcern(WriteConcern.W1)
            .updateMany(and(in(ID, chunk), waiting), JobCanceller.cancelled(reason), BY_ID));
  }

  private static UpdateResult note(UpdateResult done) {
    Observation.current().jobsCancelled(done.getModifiedCount());
    return done;
  }
}
