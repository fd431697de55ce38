package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarker;
import dev.pulso.batch.Counters;
import dev.pulso.batch.Outbox;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Carries a cancel through behind its fence: jobs, counters, and the note that it is done. Every
 * step may be repeated; what is not noted as done is found again by upkeep.
 */
public final class CancelCompletion {
  /** Kept back from the caller's time for the counters, but never more than half of it. */
  private static final Duration FOR_COUNTERS = Duration.ofSeconds(2);

  private final Db db;
  private final JobCanceller jobs;
  private final Recounter recounter;
  private final Fence fence;

  public CancelCompletion(Db db, Fence fence, JobCanceller jobs, Recounter recounter) {
    this.db = db;
    this.jobs = jobs;
    this.recounter = recounter;
    this.fence = fence;
  }

  /** The same for a cancel that somebody else began. */
  public boolean complete(Batch batch, Deadline deadline) {
    return complete(batch, fence.audit(batch), deadline);
  }

  /**
   * Does what is left to do.
   *
   * @return whether all is done; false when the deadline passed first
   */
  public boolean complete(Batch batch, Optional<String> reason, Deadline deadline) {
    Optional<String> batchId = batch.batchId();
    if (batchId.isEmpty()) {
      close(batch, new Document());
      return true;
    }
    fence.setOnTwins(batch, reason);
    return jobs.cancelWaiting(
            batchId.get(), reason, expected(batch), deadline.keepingBack(FOR_COUNTERS))
        && closeOverFigures(batch, JobGroup.of(batchId.get()), deadline);
  }

  /**
   * Figures may be gone again, in a crash of the server, by the time that they are relied on; then
   * they are made anew.
   */
  private boolean closeOverFigures(Batch batch, JobGroup group, Deadline deadline) {
    while (true) {
      OptionalLong token = recounter.recountNow(group, deadline);
      if (token.isEmpty()) {
        return false;
      }
      if (close(batch, gte(BatchFields.FIGURES_TOKEN, token.getAsLong())) || !isOpen(batch)) {
        return true;
      }
    }
  }

  private boolean isOpen(Batch batch) {
    return db.batches().countDocuments(and(same(batch), eq(BatchFields.CANCEL_OPEN, true))) > 0;
  }

  /** Batches that share a batch_id share their jobs, so their cancels are done together. */
  private static Bson same(Batch batch) {
    return batch.batchId().map(Batches::withBatchId).orElse(eq(BatchFields.ID, batch.id()));
  }

  /** Whether so many jobs may wait that others should not have to wait for this cancel. */
  public boolean isLarge(Batch batch) {
    return JobCanceller.areMany(expected(batch));
  }

  /**
   * How many jobs may wait, as far as the counters tell; those of an uploader, before any count.
   */
  private static long expected(Batch batch) {
    Counters counters = batch.counters();
    return Math.max(counters.pending(), batch.isCounted() ? counters.open() : counters.total());
  }

  /** Whether it did; what it builds on is durable then, because its write came before. */
  private boolean close(Batch batch, Bson condition) {
    Document inAll = orZero(BatchFields.FIGURES + ".cancelled");
    Document byThis =
        new Document("$subtract", List.of(inAll, orZero(BatchFields.CANCELLED_EARLIER)));
    List<Document> stages = new ArrayList<>();
    stages.add(
        new Document(
            "$set",
            new Document(BatchFields.CANCEL_OPEN, "$$REMOVE")
                // Jobs of both kinds may have been deleted since.
                .append(BatchFields.CANCELLED_JOBS, new Document("$max", List.of(byThis, 0L)))
                // An overview that was read before the last count of this cancel is void.
                .append(BatchFields.ACTED_AT, "$$NOW")));
    if (!batch.outbox().isEmpty()) {
      stages.addAll(Outbox.without(batch.outbox()));
    }
    Bson closing = and(same(batch), CancellationMarker.isSet(), condition);
    MongoCollection<Document> durably = db.batches().withWriteConcern(WriteConcern.MAJORITY);
    return ServerErrors.repeating(() -> durably.updateMany(closing, stages)).getMatchedCount() > 0;
  }

  private static Document orZero(String field) {
    return new Document("$ifNull", List.of("$" + field, 0L));
  }
}
