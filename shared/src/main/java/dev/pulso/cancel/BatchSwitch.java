package dev.pulso.cancel;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static dev.pulso.mongo.Expressions.op;

import dev.pulso.access.Origin;
import dev.pulso.batch.AuditAction;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The update that pauses or resumes a batch.
 *
 * @param active the new value of {@code is_active}
 */
public record BatchSwitch(boolean active) {
  /** An operation is new until upkeep has carried it on at least once. */
  private static final Duration NEW = Duration.ofMinutes(2);

  /** Returns a filter for batches that it changes. */
  public Bson filter() {
    return and(
        CancellationMarkers.isMissing(),
        // An array that contains the value counts as another one.
        or(ne(BatchFields.IS_ACTIVE, active), Batches.isArray(BatchFields.IS_ACTIVE)),
        expr(new Document("$not", CancellationMarkers.cancelledBefore())));
  }

  /**
   * Returns a filter for batches that this operation may still change: no pause or resume was
   * decided since it was stored, and it has not acted itself. So repeating it is harmless, and of
   * two operations that change a batch the later one wins, whichever acts first. A decision of the
   * future is old if the operation is new: the server's clock was set back between them. An old
   * operation may have been stored before that decision.
   *
   * @param storedAt when the operation was stored, by the server's clock
   */
  public static Bson isUndecidedSince(Instant storedAt) {
    Date stored = Date.from(storedAt);
    Document isOfFuture = op("$gt", "$" + BatchFields.SWITCHED_AT, "$$NOW");
    Document isNew = op("$gte", stored, op("$subtract", "$$NOW", NEW.toMillis()));
    return or(
        not(gte(BatchFields.SWITCHED_AT, stored)),
        expr(op("$and", isOfFuture, op("$lte", stored, "$$NOW"), isNew)));
  }

  /** Returns the fields of a single pause or resume, expressions of a pipeline's {@code $set}. */
  Document fields(Origin origin) {
    return fields(origin, Optional.empty(), "$$NOW");
  }

  /** Returns the fields of a part of an operation. */
  public Document fields(Origin origin, String operation, Instant storedAt) {
    return fields(origin, Optional.of(operation), Date.from(storedAt));
  }

  private Document fields(Origin origin, Optional<String> operation, Object decidedAt) {
    AuditAction action = active ? AuditAction.BATCH_RESUMED : AuditAction.BATCH_PAUSED;
    Document fields =
        new Document(BatchFields.IS_ACTIVE, active)
            .append(BatchFields.UPDATED_AT, "$$NOW")
            .append(BatchFields.ACTED_AT, "$$NOW")
            .append(BatchFields.SWITCHED_AT, decidedAt)
            // Left over from a cancel that was undone; with it, a paused batch would look
            // cancelled.
            .append(BatchFields.CANCELLATION_REASON, "$$REMOVE");
    fields.putAll(Outbox.with(AuditLog.entry(action, null, origin, operation)));
    return fields;
  }
}
