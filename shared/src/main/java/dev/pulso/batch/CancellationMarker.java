package dev.pulso.batch;

import com.mongodb.client.model.Filters;
import dev.pulso.mongo.Lenient;
import java.util.Arrays;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The cancellation marker, {@code cancelled_at}. Any value but null and false counts as set, since
 * a restore may turn a time into text.
 */
public final class CancellationMarker {
  private CancellationMarker() {}

  public static boolean isSet(Document batch) {
    Object at = batch.get(BatchFields.CANCELLED_AT);
    return at != null && !Boolean.FALSE.equals(at);
  }

  /** Returns a filter for batches with the marker. */
  public static Bson isSet() {
    return Filters.nin(BatchFields.CANCELLED_AT, Arrays.asList(null, false));
  }

  /** Returns a filter for batches without the marker. */
  public static Bson isMissing() {
    return Filters.in(BatchFields.CANCELLED_AT, Arrays.asList(null, false));
  }

  public static Document missing() {
    String at = "$" + BatchFields.CANCELLED_AT;
    return new Document("$eq", List.of(new Document("$ifNull", List.of(at, false)), false));
  }

  /**
   * Returns whether a batch was cancelled before Pulso existed: it is inactive and has a reason.
   */
  static boolean wasCancelledBefore(Document batch) {
    return !Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE))
        && Lenient.text(batch.get(BatchFields.CANCELLATION_REASON))
            .filter(reason -> !reason.isEmpty())
            .isPresent();
  }

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
