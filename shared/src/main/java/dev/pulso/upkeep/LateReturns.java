package dev.pulso.upkeep;

import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import dev.pulso.audit.AuditAction;
import dev.pulso.audit.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.job.JobFields;
import dev.pulso.job.JobStatus;
import dev.pulso.mongo.Db;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Finds cancelled batches in which jobs wait again: a worker gave one back, or somebody uploaded
 * more. One seek in an index per cancelled batch.
 */
final class LateReturns {
  private static final String WAITING = "waiting";
  private static final String BATCH = "batch";

  private final Db db;
  private final Batches batches;

  LateReturns(Db db, Batches batches) {
    this.db = db;
    this.batches = batches;
  }

  /**
   * A cancelled batch with jobs that wait.
   *
   * @param batchId what its jobs carry
   * @param reason the reason of its cancel
   */
  record Late(String batchId, Optional<String> reason) {}

  List<Late> find() {
    List<Late> late = new ArrayList<>();
    for (Document row :
        db.batches()
            .aggregate(
                List.of(
                    Aggregates.match(
                        Filters.and(
                            Filters.ne(BatchFields.CANCELLED_AT, null),
                            Filters.ne(BatchFields.CANCEL_OPEN, true),
                            Filters.gte(BatchFields.BATCH_ID, ""))),
                    waitingJob(),
                    Aggregates.match(Filters.ne(WAITING, List.of())),
                    Aggregates.project(new Document("_id", 1))))) {
      batches
          .find(row.get("_id"))
          .filter(Batch::isCancelled)
          .ifPresent(
              batch ->
                  late.add(new Late(batch.batchId().orElseThrow(), batch.cancellationReason())));
    }
    late.addAll(ofDeletedBatches());
    return late;
  }

  /** The audit log outlives the batch, and still knows that it was cancelled, and why. */
  private List<Late> ofDeletedBatches() {
    List<Late> late = new ArrayList<>();
    for (Document row :
        db.auditLog()
            .aggregate(
                List.of(
                    Aggregates.match(
                        Filters.and(
                            Filters.eq(AuditLog.ACTION, AuditAction.BATCH_CANCELLED.value()),
                            Filters.gte(AuditLog.BATCH_ID, ""))),
                    Aggregates.lookup(
                        db.batches().getNamespace().getCollectionName(),
                        AuditLog.BATCH_ID,
                        BatchFields.BATCH_ID,
                        BATCH),
                    Aggregates.match(Filters.eq(BATCH, List.of())),
                    waitingJob(),
                    Aggregates.match(Filters.ne(WAITING, List.of()))))) {
      late.add(
          new Late(
              row.getString(AuditLog.BATCH_ID),
              Optional.ofNullable(row.getString(AuditLog.REASON))));
    }
    return late;
  }

  private Bson waitingJob() {
    return new Document(
        "$lookup",
        new Document("from", db.jobs().getNamespace().getCollectionName())
            .append("localField", BatchFields.BATCH_ID)
            .append("foreignField", JobFields.BATCH_ID)
            .append(
                "pipeline",
                List.of(
                    new Document(
                        "$match",
                        new Document(JobFields.STATUS, new Document("$in", JobStatus.WAITING))),
                    new Document("$limit", 1),
                    new Document("$project", new Document("_id", 1))))
            .append("as", WAITING));
  }
}
