package dev.pulso.batch;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.InsertManyOptions;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.Origin;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.mongo.UniqueIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Writes audit entries, which are never changed. Refused attempts get an entry too. */
public final class AuditLog {
  public static final String ID = "_id";
  public static final String ACTION = "action";
  public static final String BATCH_ID = "batch_id";
  public static final String REASON = "reason";
  public static final String AT = "at";
  public static final String ACTOR = "actor";

  /** Key of the batch's {@code _id} inside the {@code _id} of an entry. */
  public static final String BATCH = "batch";

  /** Id of the operation on many batches; missing in entries of a single cancel or pause. */
  public static final String OPERATION_ID = "operation_id";

  /** What was changed, if that is no batch: the id of a webhook. */
  private static final String SUBJECT = "subject";

  private static final String ACCOUNT_ID = "account_id";
  private static final String SOURCE_IP = "source_ip";
  private static final String REQUEST_ID = "request_id";

  private final Db db;

  public AuditLog(Db db) {
    this.db = db;
  }

  /**
   * Returns an expression for the entry that an update appends to a batch's outbox. A batch has one
   * cancel entry forever, so its id contains only action and batch; other ids also contain the
   * operation, so that it acts once, or else the time. Ids are never random.
   *
   * @param reason an expression
   * @param operation id of the operation on many batches that this is a part of
   */
  public static Document entry(
      AuditAction action, Object reason, Origin origin, Optional<String> operation) {
    Document id = new Document(ACTION, action.value()).append(BATCH, "$" + BatchFields.ID);
    if (action != AuditAction.BATCH_CANCELLED) {
      operation.ifPresentOrElse(by -> id.append("operation", by), () -> id.append(AT, "$$NOW"));
    }
    Document entry =
        about(id, action.value())
            .append(REASON, reason)
            .append(ACTOR, literal(origin.actor().orElse(null)))
            .append(SOURCE_IP, literal(origin.sourceIp().orElse(null)))
            .append(REQUEST_ID, literal(origin.requestId().orElse(null)));
    operation.ifPresent(by -> entry.append(OPERATION_ID, by));
    return entry;
  }

  /** Returns an expression for an event that nobody caused: it is for webhooks, not for the log. */
  public static Document event(String type) {
    Document id = new Document(ACTION, type).append(BATCH, "$" + BatchFields.ID);
    return about(id.append(AT, "$$NOW"), type);
  }

  private static Document about(Document id, String action) {
    Document idAsText =
        new Document("input", "$" + BatchFields.ID)
            .append("to", "string")
            .append("onError", null)
            .append("onNull", null);
    return new Document(ID, id)
        .append(ACTION, action)
        .append(BATCH_ID, ifText(BatchFields.BATCH_ID, new Document("$convert", idAsText)))
        .append(ACCOUNT_ID, ifText(BatchFields.ACCOUNT_ID, null))
        .append(AT, "$$NOW");
  }

  private static Document ifText(String field, Object otherwise) {
    Document isText = op("$eq", new Document("$type", "$" + field), literal("string"));
    return op("$cond", isText, "$" + field, otherwise);
  }

  /** Returns the origin of the request in an entry or operation. */
  public static Origin origin(Document entry) {
    return new Origin(
        Lenient.text(entry.get(ACTOR)),
        Lenient.text(entry.get(SOURCE_IP)),
        Lenient.text(entry.get(REQUEST_ID)));
  }

  /** Returns the fields of an origin, as entries and operations have them. */
  public static Document fields(Origin origin) {
    return new Document(ACTOR, origin.actor().orElse(null))
        .append(SOURCE_IP, origin.sourceIp().orElse(null))
        .append(REQUEST_ID, origin.requestId().orElse(null));
  }

  /** Returns the id of the cancel entry of a batch. */
  public static Document cancelId(Object batch) {
    return new Document(ACTION, AuditAction.BATCH_CANCELLED.value()).append(BATCH, batch);
  }

  public Optional<Document> find(Object id) {
    return Optional.ofNullable(db.auditLog().find(eq(ID, id)).first());
  }

  /**
   * Inserts entries of outboxes in one round trip, except for those that exist. It only inserts, so
   * its database user needs no right to change entries. A duplicate key error also waits for a
   * majority.
   *
   * @return the ids of those that existed
   */
  List<Object> writeAll(List<Document> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    try {
      db.auditLog().insertMany(entries, new InsertManyOptions().ordered(false));
      return List.of();
    } catch (MongoBulkWriteException e) {
      if (!ServerErrors.areDuplicateKeys(e)) {
        throw e;
      }
      return e.getWriteErrors().stream()
          .map(error -> entries.get(error.getIndex()).get(ID))
          .toList();
    }
  }

  /** Returns those of these entries that are of cancels. */
  List<Document> cancels(List<Object> ids) {
    Bson isCancel = eq(ACTION, AuditAction.BATCH_CANCELLED.value());
    return ids.isEmpty()
        ? List.of()
        : db.auditLog().find(and(in(ID, ids), isCancel)).into(new ArrayList<>());
  }

  /** Counts the entries of an operation: one for each batch that it changed. */
  public long count(String operation) {
    return db.auditLog().countDocuments(eq(OPERATION_ID, operation));
  }

  /**
   * Admits callers who may operate batches, and records the attempts of others.
   *
   * @param attempt the action to record
   * @throws ForbiddenException when the caller lacks the scope; the audit log contains the attempt
   */
  public void admit(Caller caller, AuditAction attempt, Batch batch, Origin origin) {
    if (!caller.mayOperate()) {
      // The time at which the batch was read.
      insert(
          attempt,
          Optional.of(batch.name()),
          batch.accountId(),
          Optional.empty(),
          batch.readAt(),
          origin);
      throw new ForbiddenException();
    }
  }

  /**
   * Does the same for something that is not one batch: an operation on many, or a webhook.
   *
   * @param accountId the account in the request
   */
  public void admit(Caller caller, AuditAction attempt, Optional<String> accountId, Origin origin) {
    if (!caller.mayOperate()) {
      insert(attempt, Optional.empty(), accountId, Optional.empty(), db.now(), origin);
      throw new ForbiddenException();
    }
  }

  /** Records a change of something other than a batch, such as a webhook. */
  public void note(AuditAction action, String accountId, String subject, Origin origin) {
    insert(
        action, Optional.empty(), Optional.of(accountId), Optional.of(subject), db.now(), origin);
  }

  private void insert(
      AuditAction action,
      Optional<String> batchId,
      Optional<String> accountId,
      Optional<String> subject,
      Instant at,
      Origin origin) {
    Document entry =
        new Document(ID, UniqueIds.next())
            .append(ACTION, action.value())
            .append(BATCH_ID, batchId.orElse(null))
            .append(ACCOUNT_ID, accountId.orElse(null))
            .append(REASON, null)
            .append(AT, Date.from(at));
    subject.ifPresent(what -> entry.append(SUBJECT, what));
    entry.putAll(fields(origin));
    db.auditLog().insertOne(entry);
  }
}
