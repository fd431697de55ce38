package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import dev.pulso.mongo.Lenient;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Whether {@code cancelled_at} says that a batch is cancelled: it does whatever stands there, since
 * a restore may make a text of a time, but for null and false.
 */
public final class CancellationMarker {
  private CancellationMarker() {}

  /** Returns whether it is set. */
  public static boolean isSet(Document batch) {
    Object at = batch.get(BatchFields.CANCELLED_AT);
    return at != null && !Boolean.FALSE.equals(at);
  }

  /** Matches batches with one. */
  public static Bson isSet() {
    return Filters.nin(BatchFields.CANCELLED_AT, Arrays.asList(null, false));
  }

  /** Matches batches without one. */
  public static Bson isMissing() {
    return Filters.in(BatchFields.CANCELLED_AT, Arrays.asList(null, false));
  }

  /** Returns the same as an expression. */
  public static Document missing() {
    String at = "$" + BatchFields.CANCELLED_AT;
    return new Document("$eq", List.of(new Document("$ifNull", List.of(at, false)), false));
  }

  /**
   * Returns whether a batch was cancelled before Pulso came: it is not active and carries a reason.
   */
  static boolean wasCancelledBefore(Document batch) {
    return !Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE))
        && Lenient.text(batch.get(BatchFields.CANCELLATION_REASON))
            .filter(reason -> !reason.isEmpty())
            .isPresent();
  }

  /** Returns the same as an expression. */
  public static Document cancelledBefore() {
    String reason = "$" + BatchFields.CANCELLATION_REASON;
    return new Document(
        "$and",
        List.of(
            new Document("$ne", List.of("$" + BatchFields.IS_ACTIVE, true)),
            new Document("$eq", List.of(new Document("$type", reason), "string")),
            new Document("$ne", List.of(reason, ""))));
  }
}
