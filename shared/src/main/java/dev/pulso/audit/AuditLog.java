package dev.pulso.audit;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.batch.Batch;
import dev.pulso.mongo.Db;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.ObjectId;

/** Writes audit entries, which nothing ever changes afterwards. */
public final class AuditLog {
  public static final String ACTION = "action";
  public static final String BATCH_ID = "batch_id";
  public static final String REASON = "reason";

  private final Db db;

  public AuditLog(Db db) {
    this.db = db;
  }

  /**
   * Writes an entry as part of the transaction that does what it tells of. The one of a cancel is
   * never changed, not even when somebody put the batch back and it is cancelled again.
   */
  public void write(
      ClientSession transaction,
      AuditAction action,
      Batch batch,
      Optional<String> reason,
      Instant at,
      Origin origin) {
    db.auditLog()
        .updateOne(
            transaction,
            Filters.eq("_id", id(action, batch)),
            new Document("$setOnInsert", entry(action, batch, reason, at, origin)),
            new UpdateOptions().upsert(true));
  }

  /** Writes that somebody tried what they may not, as of the moment the batch was read. */
  public void writeAttempt(AuditAction attempt, Batch batch, Origin origin) {
    db.auditLog().insertOne(entry(attempt, batch, Optional.empty(), batch.readAt(), origin));
  }

  private static Document entry(
      AuditAction action, Batch batch, Optional<String> reason, Instant at, Origin origin) {
    return new Document(ACTION, action.value())
        .append(BATCH_ID, batch.name())
        .append("account_id", batch.accountId().orElse(null))
        .append(REASON, reason.orElse(null))
        .append("at", Date.from(at))
        .append("actor", origin.actor().orElse(null))
        .append("source_ip", origin.sourceIp().orElse(null))
        .append("request_id", origin.requestId().orElse(null));
  }

  /** A batch is cancelled once: its entry's id is made of it, so that a second one can't be. */
  private static Object id(AuditAction action, Batch batch) {
    return action == AuditAction.BATCH_CANCELLED
        ? new Document(ACTION, action.value()).append("batch", batch.id())
        : new ObjectId();
  }
}
