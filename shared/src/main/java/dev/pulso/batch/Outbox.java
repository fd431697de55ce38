package dev.pulso.batch;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.ServerErrors;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Audit entries that wait in their batch. The update of a batch appends its entry to the batch
 * itself, so both are atomic. Then the same process moves the entry to the audit log; upkeep moves
 * what a dead process left. Moving twice is harmless.
 */
public final class Outbox {
  private final Db db;

  public Outbox(Db db) {
    this.db = db;
  }

  /**
   * Returns the fields that append an entry to the outbox, and the same as an event for webhooks.
   */
  public static Document with(Document entry) {
    return new Document(BatchFields.OUTBOX, appended(BatchFields.OUTBOX, entry))
        .append(BatchFields.EVENTS, appended(BatchFields.EVENTS, entry));
  }

  /** Returns an expression for the events of a batch, with these appended; none: as they are. */
  public static Document events(Document more) {
    Document all = op("$concatArrays", entries(BatchFields.EVENTS), "$$more");
    Document isNone = op("$eq", "$$more", List.of());
    return new Document(
        "$let",
        new Document("vars", new Document("more", more))
            .append("in", op("$cond", isNone, "$" + BatchFields.EVENTS, all)));
  }

  private static Document appended(String field, Document entry) {
    return op("$concatArrays", entries(field), List.of(entry));
  }

  /** Returns batches in which entries of an operation wait. */
  List<Batch> waitingOf(String operation, int most) {
    return db.batches()
        .find(waiting(operation))
        .projection(Projections.include(BatchFields.OUTBOX))
        .limit(most)
        .map(Batch::new)
        .into(new ArrayList<>());
  }

  /** Removes the entries of an operation from these batches; needs no majority either. */
  void remove(String operation, List<Object> batches) {
    Document isAnother = op("$ne", "$$entry." + AuditLog.OPERATION_ID, operation);
    MongoCollection<Document> withoutMajority = db.batches().withWriteConcern(WriteConcern.W1);
    ServerErrors.repeating(
        () ->
            withoutMajority.updateMany(
                and(in(BatchFields.ID, batches), waiting(operation)),
                keeping(BatchFields.OUTBOX, isAnother)));
  }

  /** Matches batches in which entries of an operation wait. */
  public static Bson waiting(String operation) {
    return and(exists(BatchFields.OUTBOX_ID), eq(BatchFields.OUTBOX_OPERATION_ID, operation));
  }

  /**
   * Removes the entries that were read with a batch. Needs no majority: if a crash undoes the
   * removal, they are delivered again.
   */
  void remove(Batch batch) {
    if (!batch.outbox().isEmpty()) {
      db.batches()
          .withWriteConcern(WriteConcern.W1)
          .updateOne(
              and(eq(BatchFields.ID, batch.id()), exists(BatchFields.OUTBOX_ID)),
              without(batch.outbox()));
    }
  }

  /** Returns the update stages that remove entries from an outbox. */
  public static List<Document> without(List<Document> entries) {
    return without(BatchFields.OUTBOX, entries);
  }

  /** Returns the update stages that remove entries from this field. */
  public static List<Document> without(String field, List<Document> entries) {
    List<Object> ids = entries.stream().map(entry -> entry.get(AuditLog.ID)).toList();
    Document isDelivered = op("$in", "$$entry._id", literal(ids));
    return keeping(field, new Document("$not", isDelivered));
  }

  private static List<Document> keeping(String field, Document condition) {
    Document rest =
        new Document(
            "$filter",
            new Document("input", entries(field)).append("as", "entry").append("cond", condition));
    return List.of(set(field, rest), removeIfEqual(field, List.of()));
  }

  private static Document removeIfEqual(String field, Object value) {
    String path = "$" + field;
    Document isEqual = op("$eq", path, value);
    return set(field, op("$cond", isEqual, "$$REMOVE", path));
  }

  private static Document set(String field, Document value) {
    return new Document("$set", new Document(field, value));
  }

  /** Returns an expression for the entries in this field. */
  static Document entries(String field) {
    String path = "$" + field;
    return op("$cond", new Document("$isArray", path), path, List.of());
  }
}
