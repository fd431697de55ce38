package dev.pulso.operations;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoException;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.CancelsTogether;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Completes the cancels of an operation after their markers are set. */
final class OperationCancels {
  /** Cancels that are completed together. */
  private static final int TOGETHER = 50;

  /** In a second or three, a cancel of more jobs hardly gets beyond counting them. */
  private static final int HUGE = 50_000;

  private static final String JOBS = "jobs";

  private final Db db;
  private final Batches batches;
  private final CancelCompletion completion;
  private final CancelsTogether together;

  OperationCancels(Db db, Batches batches, CancelCompletion completion, CancelsTogether together) {
    this.db = db;
    this.batches = batches;
    this.completion = completion;
    this.together = together;
  }

  /**
   * Completes open cancels, those of few jobs first. It is in no hurry: several at once would slow
   * down polls.
   *
   * @return the failures; the other cancels are completed nevertheless
   */
  List<RuntimeException> complete(StoredOperation operation, Deadline small, Deadline large) {
    List<RuntimeException> failures = new ArrayList<>();
    List<Batch> larger = new ArrayList<>();
    List<Object> open = small.passed() ? List.of() : open(operation);
    for (int from = 0; from < open.size() && !small.passed(); from += TOGETHER) {
      List<Batch> few = new ArrayList<>();
      stillOpen(open.subList(from, Math.min(from + TOGETHER, open.size())))
          .forEach(batch -> (completion.isLarge(batch) ? larger : few).add(batch));
      attempt(() -> together.complete(few, small), failures);
      stillOpen(few.stream().map(Batch::id).toList())
          .forEach(batch -> complete(batch, small, failures));
    }
    for (Batch batch : larger) {
      if (batch.counters().pending() <= HUGE) {
        complete(batch, large, failures);
      }
    }
    return failures;
  }

  private List<Object> open(StoredOperation operation) {
    return db.batches()
        .find(isOpen(operation))
        .projection(Projections.include(BatchFields.ID))
        .map(batch -> batch.get(BatchFields.ID))
        .into(new ArrayList<>());
  }

  private List<Batch> stillOpen(List<Object> ids) {
    return batches.findSome(
        and(in(BatchFields.ID, ids), eq(BatchFields.CANCEL_OPEN, true)), ids.size());
  }

  private void complete(Batch batch, Deadline deadline, List<RuntimeException> failures) {
    if (!deadline.passed()) {
      attempt(() -> completion.complete(batch, deadline), failures);
    }
  }

  private static void attempt(Runnable work, List<RuntimeException> failures) {
    try {
      work.run();
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
    Document ofBatch =
        op(
            "$cond",
            op("$eq", "$" + BatchFields.CANCEL_OPEN, true),
            CancelCompletion.cancelledSoFar(),
            op("$ifNull", "$" + BatchFields.CANCELLED_JOBS, 0L));
    Document sum =
        db.batches()
            .aggregate(
                List.of(
                    Aggregates.match(
                        and(
                            in(BatchFields.ID, operation.batches()),
                            eq(BatchFields.CANCEL_OPERATION, operation.name()))),
                    Aggregates.group("$" + BatchFields.BATCH_ID, Accumulators.max(JOBS, ofBatch)),
                    Aggregates.group(null, Accumulators.sum(JOBS, op("$max", "$" + JOBS, 0L)))))
            .first();
    return sum == null ? 0 : Lenient.count(sum.get(JOBS));
  }
}
