package dev.pulso.audit;

import com.mongodb.client.ClientSession;
import dev.pulso.batch.Batch;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.UniqueIds;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;

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
   * Writes an entry as part of the transaction that does what it tells of. It only ever inserts, so
   * that whoever writes entries needs no right to change one. The one of a cancel can't be written
   * twice: then there is a duplicate key, and the transaction is over.
   */
  public void write(
      ClientSession transaction,
      AuditAction action,
      Batch batch,
      Optional<String> reason,
      Instant at,
      Origin origin) {
    Document entry = entry(action, batch, reason, at, origin);
    if (action == AuditAction.BATCH_CANCELLED) {
      entry.append("_id", new Document(ACTION, action.value()).append("batch", batch.id()));
    }
    db.auditLog().insertOne(transaction, entry);
  }

  /** Writes that somebody tried what they may not, as of the moment the batch was read. */
  public void writeAttempt(AuditAction attempt, Batch batch, Origin origin) {
    db.auditLog().insertOne(entry(attempt, batch, Optional.empty(), batch.readAt(), origin));
  }

  private static Document entry(
      AuditAction action, Batch batch, Optional<String> reason, Instant at, Origin origin) {
    return new Document("_id", UniqueIds.next())
        .append(ACTION, action.value())
        .append(BATCH_ID, batch.name())
        .append("account_id", batch.accountId().orElse(null))
        .append(REASON, reason.orElse(null))
        .append("at", Date.from(at))
        .append("actor", origin.actor().orElse(null))
        .append("source_ip", origin.sourceIp().orElse(null))
        .append("request_id", origin.requestId().orElse(null));
  }
}
