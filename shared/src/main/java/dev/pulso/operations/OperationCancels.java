package dev.pulso.operations;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Completes the cancels of an operation after their markers are set. */
final class OperationCancels {
  /** While one waits for the disk, another works; more would hinder polls. */
  private static final int AT_ONCE = 4;

  /** In a second or three, a cancel of more jobs hardly gets beyond counting them. */
  private static final int HUGE = 50_000;

  private static final String JOBS = "jobs";

  private final Db db;
  private final Batches batches;
  private final CancelCompletion completion;

  OperationCancels(Db db, Batches batches, CancelCompletion completion) {
    this.db = db;
    this.batches = batches;
    this.completion = completion;
  }

  /**
   * Completes open cancels, several at once, those of few jobs first.
   *
   * @return the failures; the other cancels are completed nevertheless
   */
  List<RuntimeException> complete(StoredOperation operation, Deadline small, Deadline large) {
    Queue<Object> open = new ConcurrentLinkedQueue<>();
    Queue<Batch> larger = new ConcurrentLinkedQueue<>();
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    if (!small.passed()) {
      db.batches()
          .find(isOpen(operation))
          .projection(Projections.include(BatchFields.ID))
          .forEach(batch -> open.add(batch.get(BatchFields.ID)));
    }
    Observation observation = Observation.current();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> workers = new ArrayList<>();
      for (int i = 0; i < Math.min(AT_ONCE, open.size()); i++) {
        workers.add(
            threads.submit(
                () -> observation.during(() -> complete(open, larger, small, failures))));
      }
      for (Future<Void> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while cancelling", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread that cancels failed", e.getCause());
    }
    for (Batch batch : larger) {
      if (batch.counters().pending() <= HUGE) {
        complete(batch, large, failures);
      }
    }
    return List.copyOf(failures);
  }

  private Void complete(
      Queue<Object> open,
      Queue<Batch> larger,
      Deadline deadline,
      Queue<RuntimeException> failures) {
    for (Object id = open.poll(); id != null && !deadline.passed(); id = open.poll()) {
      Optional<Batch> batch = batches.find(Accounts.ALL, id);
      if (batch.filter(completion::isLarge).isPresent()) {
        larger.add(batch.get());
      } else {
        batch.ifPresent(found -> complete(found, deadline, failures));
      }
    }
    return null;
  }

  private void complete(Batch batch, Deadline deadline, Queue<RuntimeException> failures) {
    if (deadline.passed()) {
      return;
    }
    try {
      completion.complete(batch, deadline);
    } catch (RuntimeException e) {
      if (!(e instanceof MongoException failure && ServerErrors.isTimeout(failure))) {
        failures.add(e);
      }
    }
  }

  boolean isAnyOpen(StoredOperation operation) {
    return db.batches().find(isOpen(operation)).limit(1).first() != null;
  }

  private static Bson isOpen(StoredOperation operation) {
    return and(
        eq(BatchFields.CANCEL_OPEN, true), eq(BatchFields.CANCEL_OPERATION, operation.name()));
  }

  /**
   * Returns how many jobs the cancels of an operation cancelled; of an open one, as last counted.
   * Batches with the same batch_id share their jobs.
   */
  long jobsCancelled(StoredOperation operation) {
    if (operation.action() != BatchAction.CANCEL) {
      return 0;
    }
    Document whileOpen =
        new Document(
            "$subtract",
            List.of(
                orZero(BatchFields.COUNTERS + ".cancelled"),
                orZero(BatchFields.CANCELLED_EARLIER)));
    Document ofBatch =
        new Document(
            "$cond",
            List.of(
                new Document("$eq", List.of("$" + BatchFields.CANCEL_OPEN, true)),
                whileOpen,
                orZero(BatchFields.CANCELLED_JOBS)));
    Document sum =
        db.batches()
            .aggregate(
                List.of(
                    Aggregates.match(
                        and(
                            in(BatchFields.ID, operation.batches()),
                            eq(BatchFields.CANCEL_OPERATION, operation.name()))),
                    Aggregates.group("$" + BatchFields.BATCH_ID, Accumulators.max(JOBS, ofBatch)),
                    Aggregates.group(
                        null,
                        Accumulators.sum(JOBS, new Document("$max", List.of("$" + JOBS, 0L))))))
            .first();
    return sum == null ? 0 : Lenient.count(sum.get(JOBS));
  }

  private static Document orZero(String field) {
    return new Document("$ifNull", List.of("$" + field, 0L));
  }
}
