package dev.pulso.operations;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.MongoException;
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
  /** More than one update of this many batches takes, unless one of them is locked. */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private final Db db;
  private final JobCanceller jobs;

  Fences(Db db, JobCanceller jobs) {
    this.db = db;
    this.jobs = jobs;
  }

  /**
   * Changes these batches of the operation.
   *
   * @return whether all are changed; false if some are locked or refused
   */
  boolean set(StoredOperation operation, List<Object> batches, Deadline deadline) {
    return switch (operation.action()) {
      case CANCEL -> cancel(operation, batches, deadline);
      case PAUSE -> turn(new BatchSwitch(false), operation, batches, deadline);
      case RESUME -> turn(new BatchSwitch(true), operation, batches, deadline);
    };
  }

  private boolean turn(
      BatchSwitch turn, StoredOperation operation, List<Object> batches, Deadline deadline) {
    return write(
        and(turn.filter(), BatchSwitch.isUndecidedSince(operation.storedAt())),
        turn.fields(operation.origin(), operation.name(), operation.storedAt()),
        batches,
        PATIENCE,
        deadline);
  }

  private boolean cancel(StoredOperation operation, List<Object> batches, Deadline deadline) {
    Document fields =
        CancellationMarkers.cancelled(
            operation.reason(),
            operation.origin(),
            Optional.of(operation.name()),
            cancelledEarlier(batches));
    return write(CancellationMarkers.isMissing(), fields, batches, PATIENCE, deadline);
  }

  /** Returns an expression: how many jobs of a batch are cancelled already; usually none. */
  private Optional<Document> cancelledEarlier(List<Object> batches) {
    List<String> batchIds = new ArrayList<>();
    db.batches()
        .find(and(in(BatchFields.ID, batches), CancellationMarkers.isMissing()))
        .projection(Projections.include(BatchFields.BATCH_ID))
        .forEach(batch -> Lenient.text(batch.get(BatchFields.BATCH_ID)).ifPresent(batchIds::add));
    return jobs.countCancelled(batchIds).map(Fences::ofBatch);
  }

  private static Document ofBatch(Map<String, Long> cancelled) {
    List<Long> counts = new ArrayList<>(cancelled.values());
    // The index of a batch without any is -1, which stands for the last element.
    counts.add(0L);
    Document batchIds = new Document("$literal", List.copyOf(cancelled.keySet()));
    Document index = new Document("$indexOfArray", List.of(batchIds, "$" + BatchFields.BATCH_ID));
    return new Document("$arrayElemAt", List.of(counts, index));
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
