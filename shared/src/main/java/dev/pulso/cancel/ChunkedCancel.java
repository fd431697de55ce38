package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
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
 * in chunks by id, guarded by status. No transaction, so none can grow too large or conflict.
 */
final class ChunkedCancel {
  private static final int CHUNK = 1_000;
  private static final int WRITERS = 4;

  private final Db db;

  ChunkedCancel(Db db) {
    this.db = db;
  }

  /**
   * @return whether nothing waits any more; false when the deadline passed first
   */
  boolean cancel(String batchId, Optional<String> reason, Deadline deadline) {
    while (!deadline.passed()) {
      if (pass(batchId, reason, deadline) == 0) {
        return !deadline.passed();
      }
    }
    return false;
  }

  /** Goes once over all that wait, and says how many chunks that were. */
  private int pass(String batchId, Optional<String> reason, Deadline deadline) {
    Bson waiting = JobCanceller.waiting(batchId);
    Semaphore writers = new Semaphore(WRITERS);
    List<Future<?>> chunks = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        MongoCursor<Document> ids =
            db.jobs(deadline.remaining())
                .find(waiting)
                .projection(Projections.include("_id"))
                .batchSize(CHUNK)
                .cursor()) {
      while (!deadline.passed() && ids.hasNext()) {
        List<Object> chunk = new ArrayList<>(CHUNK);
        while (chunk.size() < CHUNK && ids.hasNext()) {
          chunk.add(ids.next().get("_id"));
        }
        writers.acquire();
        chunks.add(
            executor.submit(
                () -> {
                  try {
                    db.jobs(deadline.remaining())
                        .updateMany(and(in("_id", chunk), waiting), JobCanceller.cancelled(reason));
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
      throwUnlessTimeout(e);
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
    }
    return chunks.size();
  }

  private static void throwUnlessTimeout(ExecutionException e) {
    if (!(e.getCause() instanceof MongoException cause)) {
      throw new IllegalStateException("a chunk of a cancel failed", e.getCause());
    }
    if (!ServerErrors.isTimeout(cause)) {
      throw cause;
    }
  }
}
