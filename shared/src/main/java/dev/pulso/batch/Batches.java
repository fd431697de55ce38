package dev.pulso.batch;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import dev.pulso.mongo.Db;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Reads batches, one round trip each. */
public final class Batches {
  /** Everything an answer or a decision about a batch needs, and the server's clock. */
  public static final Bson PROJECTION =
      Projections.fields(
          Projections.include(
              BatchFields.BATCH_ID,
              BatchFields.ACCOUNT_ID,
              BatchFields.NAME,
              BatchFields.IS_ACTIVE,
              BatchFields.PRIORITY,
              BatchFields.TOTAL_JOBS,
              BatchFields.PENDING_JOBS,
              BatchFields.COMPLETED_JOBS,
              BatchFields.FAILED_JOBS,
              BatchFields.SUSPENDED_JOBS,
              BatchFields.TOTAL_COST,
              BatchFields.TOTAL_MINUTES,
              BatchFields.CREATED_AT,
              BatchFields.STARTED_AT,
              BatchFields.COMPLETED_AT,
              BatchFields.CANCELLED_AT,
              BatchFields.CANCELLATION_REASON,
              BatchFields.PULSO),
          Projections.computed(Batch.NOW, "$$NOW"));

  private final Db db;

  public Batches(Db db) {
    this.db = db;
  }

  /** The batch that is meant, by {@code _id} first where it may be one. */
  public Optional<Batch> find(BatchAddress address) {
    FindIterable<Document> found = db.batches().find(address.filter()).projection(PROJECTION);
    if (address.objectId().isEmpty()) {
      return Optional.ofNullable(found.limit(1).first()).map(Batch::new);
    }
    List<Document> candidates = found.limit(2).into(new ArrayList<>());
    Object id = address.objectId().get();
    return candidates.stream()
        .filter(document -> id.equals(document.get(BatchFields.ID)))
        .findFirst()
        .or(() -> candidates.stream().findFirst())
        .map(Batch::new);
  }

  /** The batch with that {@code _id}, read again. */
  public Optional<Batch> find(Object id) {
    return first(Filters.eq(BatchFields.ID, id));
  }

  /** The batch whose jobs carry that batch_id. */
  public Optional<Batch> findByBatchId(String batchId) {
    return first(Filters.eq(BatchFields.BATCH_ID, batchId));
  }

  private Optional<Batch> first(Bson filter) {
    return Optional.ofNullable(db.batches().find(filter).projection(PROJECTION).limit(1).first())
        .map(Batch::new);
  }
}
