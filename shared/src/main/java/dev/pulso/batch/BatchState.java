package dev.pulso.batch;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Filters.nor;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.type;

import dev.pulso.mongo.Lenient;
import java.util.Locale;
import org.bson.BsonType;
import org.bson.conversions.Bson;

/**
 * The state of a batch. The rule stands here twice: {@link #of} for a batch that was read, {@link
 * #filter} for a query over stored fields.
 */
public enum BatchState {
  ACTIVE,
  PAUSED,
  COMPLETED,
  CANCELLED;

  /**
   * Returns the state of a batch.
   *
   * @param counters {@link Batch#counters}, or those of a newer count
   */
  public static BatchState of(Batch batch, Counters counters) {
    if (batch.isCancelled()) {
      return CANCELLED;
    }
    boolean isLive = batch.isActive() && batch.isToCount() && !counters.isAnyFinished();
    if (counters.open() == 0 && counters.total() > 0 && !isLive) {
      return COMPLETED;
    }
    return batch.isActive() ? ACTIVE : PAUSED;
  }

  /** Returns its name in queries and answers. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns a filter for the batches that are active, or for the others, as answers show them. */
  public static Bson isActive(boolean wanted) {
    Bson active = and(isActive(), nor(CancellationMarkers.isSet()));
    return wanted ? active : nor(active);
  }

  /** Returns a filter for the batches in this state, by their stored counters. */
  public Bson filter() {
    return switch (this) {
      case ACTIVE -> and(isActive(), nor(CancellationMarkers.isSet(), isCompleted()));
      case PAUSED -> nor(isActive(), CancellationMarkers.isSet(), hasReason(), isCompleted());
      case COMPLETED -> and(isCompleted(), nor(CancellationMarkers.isSet(), wasCancelledBefore()));
      case CANCELLED -> or(CancellationMarkers.isSet(), wasCancelledBefore());
    };
  }

  private static Bson isActive() {
    return and(eq(BatchFields.IS_ACTIVE, true), Batches.isNoArray(BatchFields.IS_ACTIVE));
  }

  private static Bson wasCancelledBefore() {
    return and(hasReason(), nor(isActive()));
  }

  private static Bson hasReason() {
    String reason = BatchFields.CANCELLATION_REASON;
    return and(type(reason, BsonType.STRING), ne(reason, ""), Batches.isNoArray(reason));
  }

  private static Bson isCompleted() {
    return or(
        and(
            isCounted(),
            isPositive(BatchFields.COUNTERS_TOTAL),
            nor(isPositive(BatchFields.COUNTERS_OPEN))),
        and(
            isPositive(BatchFields.TOTAL_JOBS),
            nor(
                isCounted(),
                isPositive(BatchFields.PENDING_JOBS),
                and(isActive(), isToCount(), nor(isAnyFinished())))));
  }

  /** The same batches as {@link Batch#isToCount}, but for counted ones. */
  private static Bson isToCount() {
    Bson mayHaveJobs =
        and(type(BatchFields.BATCH_ID, BsonType.STRING), Batches.isNoArray(BatchFields.BATCH_ID));
    Bson wasRecounted = or(ne(BatchFields.DUE_AT, null), Batches.isArray(BatchFields.DUE_AT));
    return and(mayHaveJobs, or(Batches.isArray(BatchFields.PULSO), nor(wasRecounted)));
  }

  private static Bson isAnyFinished() {
    return or(
        isPositive(BatchFields.COMPLETED_JOBS),
        isPositive(BatchFields.FAILED_JOBS),
        isPositive(BatchFields.SUSPENDED_JOBS));
  }

  private static Bson isCounted() {
    return and(
        type(BatchFields.COUNTERS_TOTAL, "number"),
        nor(
            Batches.isArray(BatchFields.PULSO),
            Batches.isArray(BatchFields.COUNTERS),
            Batches.isArray(BatchFields.COUNTERS_TOTAL)));
  }

  /** The same numbers as {@link Lenient#count} reads as positive. */
  private static Bson isPositive(String field) {
    return and(gte(field, 1), lt(field, Lenient.ABSURD), Batches.isNoArray(field));
  }
}
