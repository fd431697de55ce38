package dev.pulso.batch;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoWriteException;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.Origin;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.mongo.UniqueIds;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/** Writes audit entries, which are never changed. Refused attempts get an entry too. */
public final class AuditLog {
  public static final String ID = "_id";
  public static final String ACTION = "action";
  public static final String BATCH_ID = "batch_id";
  public static final String REASON = "reason";
  public static final String AT = "at";

  /** Key of the batch's {@code _id} inside the {@code _id} of an entry. */
  public static final String BATCH = "batch";

  private static final String ACCOUNT_ID = "account_id";
  private static final String ACTOR = "actor";
  private static final String SOURCE_IP = "source_ip";
  private static final String REQUEST_ID = "request_id";

  private final Db db;

  public AuditLog(Db db) {
    this.db = db;
  }

  /**
   * Returns an expression for the entry that an update appends to a batch's outbox. A batch has one
   * cancel entry forever, so its id contains only action and batch; other ids also contain the
   * time. Ids are never random.
   *
   * @param batch the batch, or another one with the same batch_id
   * @param reason an expression
   */
  public static Document entry(AuditAction action, Batch batch, Object reason, Origin origin) {
    Document id = new Document(ACTION, action.value()).append(BATCH, "$" + BatchFields.ID);
    if (action != AuditAction.BATCH_CANCELLED) {
      id.append(AT, "$$NOW");
    }
    String account = "$" + BatchFields.ACCOUNT_ID;
    Document isText =
        new Document(
            "$eq", List.of(new Document("$type", account), new Document("$literal", "string")));
    Document accountOrNull =
        new Document("if", isText).append("then", account).append("else", null);
    return new Document(ID, id)
        .append(ACTION, action.value())
        .append(BATCH_ID, literal(Optional.of(batch.name())))
        .append(ACCOUNT_ID, new Document("$cond", accountOrNull))
        .append(REASON, reason)
        .append(AT, "$$NOW")
        .append(ACTOR, literal(origin.actor()))
        .append(SOURCE_IP, literal(origin.sourceIp()))
        .append(REQUEST_ID, literal(origin.requestId()));
  }

  /** Returns the origin of the request in an entry. */
  public static Origin origin(Document entry) {
    return new Origin(
        Lenient.text(entry.get(ACTOR)),
        Lenient.text(entry.get(SOURCE_IP)),
        Lenient.text(entry.get(REQUEST_ID)));
  }

  private static Document literal(Optional<String> text) {
    return new Document("$literal", text.orElse(null));
  }

  /** Returns the id of the cancel entry of a batch. */
  public static Document cancelId(Object batch) {
    return new Document(ACTION, AuditAction.BATCH_CANCELLED.value()).append(BATCH, batch);
  }

  public Optional<Document> find(Object id) {
    return Optional.ofNullable(db.auditLog().find(eq(ID, id)).first());
  }

  /**
   * Inserts an entry of an outbox unless it exists. It only inserts, so its database user needs no
   * right to change entries. A duplicate key error also waits for a majority.
   *
   * @return whether the entry was new
   */
  boolean write(Document entry) {
    try {
      db.auditLog().insertOne(entry);
      return true;
    } catch (MongoWriteException e) {
      if (!ServerErrors.isDuplicateKey(e)) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Admits callers who may operate batches, and records the attempts of others.
   *
   * @param attempt the action to record
   * @throws ForbiddenException when the caller lacks the scope; the audit log contains the attempt
   */
  public void admit(Caller caller, AuditAction attempt, Batch batch, Origin origin) {
    if (!caller.mayOperate()) {
      writeAttempt(attempt, batch, origin);
      throw new ForbiddenException();
    }
  }

  /** Uses the time at which the batch was read. */
  private void writeAttempt(AuditAction attempt, Batch batch, Origin origin) {
    db.auditLog()
        .insertOne(
            new Document(ID, UniqueIds.next())
                .append(ACTION, attempt.value())
                .append(BATCH_ID, batch.name())
                .append(ACCOUNT_ID, batch.accountId().orElse(null))
                .append(REASON, null)
                .append(AT, Date.from(batch.readAt()))
                .append(ACTOR, origin.actor().orElse(null))
                .append(SOURCE_IP, origin.sourceIp().orElse(null))
                .append(REQUEST_ID, origin.requestId().orElse(null)));
  }
}
