package dev.pulso.operations;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoException;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.cancel.BatchSwitch;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Changes the batches of an operation: sets cancellation markers, pauses or resumes. One update
 * changes many batches, each with its audit entry. Its filter leaves out what the operation changed
 * already, so repeating it is harmless.
 */
final class Fences {
  /** Batches of one update. */
  private static final int CHUNK = 500;

  /** More than one update of this many batches takes, unless one of them is locked. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private final Db db;
  private final JobCanceller jobs;

  Fences(Db db, JobCanceller jobs) {
    this.db = db;
    this.jobs = jobs;
  }

  /**
   * Changes the batches of the operation that are left.
   *
   * @return whether all are changed; false if some are locked or refused, or the deadline passed
   */
  boolean set(StoredOperation operation, Deadline deadline) {
    List<Document> left = left(operation).into(new ArrayList<>());
    boolean isWhole = true;
    for (int from = 0; from < left.size(); from += CHUNK) {
      List<Document> chunk = left.subList(from, Math.min(from + CHUNK, left.size()));
      isWhole &= !deadline.passed() && set(operation, chunk, deadline);
    }
    return isWhole;
  }

  /**
   * Returns whether a batch is left, or is so again: another program may have written it back as it
   * was before.
   */
  boolean isAnyLeft(StoredOperation operation) {
    return left(operation).limit(1).first() != null;
  }

  private FindIterable<Document> left(StoredOperation operation) {
    return db.batches()
        .find(and(in(BatchFields.ID, operation.batches()), isLeft(operation)))
        .projection(Projections.include(BatchFields.BATCH_ID));
  }

  private static Bson isLeft(StoredOperation operation) {
    return switch (operation.action()) {
      case CANCEL -> CancellationMarkers.isMissing();
      case PAUSE, RESUME ->
          and(turn(operation).filter(), BatchSwitch.isUndecidedSince(operation.storedAt()));
    };
  }

  private static BatchSwitch turn(StoredOperation operation) {
    return new BatchSwitch(operation.action() == BatchAction.RESUME);
  }

  private boolean set(StoredOperation operation, List<Document> chunk, Deadline deadline) {
    Document fields =
        switch (operation.action()) {
          case CANCEL ->
              CancellationMarkers.cancelled(
                  operation.reason(),
                  operation.origin(),
                  Optional.of(operation.name()),
                  cancelledEarlier(chunk, deadline));
          case PAUSE, RESUME ->
              turn(operation).fields(operation.origin(), operation.name(), operation.storedAt());
        };
    List<Object> ids = chunk.stream().map(batch -> batch.get(BatchFields.ID)).toList();
    // Half of the time at most: otherwise none is left for the others when one is locked.
    Duration patience = deadline.share(50).orIn(PATIENCE).remaining();
    return write(isLeft(operation), fields, ids, patience, deadline);
  }

  /** Returns an expression: how many jobs of a batch are cancelled already; usually none. */
  private Optional<Document> cancelledEarlier(List<Document> chunk, Deadline deadline) {
    List<String> batchIds =
        chunk.stream()
            .flatMap(batch -> Lenient.text(batch.get(BatchFields.BATCH_ID)).stream())
            .toList();
    return jobs.countCancelled(batchIds, deadline.share(50).orIn(JobCanceller.FOR_A_FIGURE))
        .map(Fences::ofBatch);
  }

  private static Document ofBatch(Map<String, Long> cancelled) {
    List<Long> counts = new ArrayList<>(cancelled.values());
    // The index of a batch without any is -1, which stands for the last element.
    counts.add(0L);
    Document batchIds = literal(List.copyOf(cancelled.keySet()));
    Document index = op("$indexOfArray", batchIds, "$" + BatchFields.BATCH_ID);
    return op("$arrayElemAt", counts, index);
  }

  /**
   * A document that another program's transaction locks, or that a validator refuses, ends the
   * whole update. Then each half is sent alone, so that only that one is left out.
   */
  private boolean write(
      Bson filter, Document fields, List<Object> ids, Duration patience, Deadline deadline) {
    if (deadline.passed()) {
      return false;
    }
    MongoCollection<Document> batches = Db.within(patience, db.batches());
    try {
      ServerErrors.repeating(
          () ->
              batches.updateMany(
                  and(in(BatchFields.ID, ids), filter), BatchFields.setting(fields)));
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e) && !ServerErrors.isRefused(e)) {
        throw e;
      }
      if (ids.size() == 1) {
        if (ServerErrors.isRefused(e)) {
          ServerErrors.logRefused(batches, e.getCode());
        }
        return false;
      }
    }
    int middle = ids.size() / 2;
    Duration rest = IndependentWrites.PATIENCE;
    boolean isLowerDone = write(filter, fields, ids.subList(0, middle), rest, deadline);
    return write(filter, fields, ids.subList(middle, ids.size()), rest, deadline) && isLowerDone;
  }
}
