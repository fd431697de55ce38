package dev.pulso.batch;

import dev.pulso.mongo.Lenient;
import java.util.List;
import org.bson.Document;

/**
 * Whether a batch was cancelled before Pulso came: it is not active and carries a reason. Pulso's
 * own cancels say so by {@code cancelled_at}.
 */
public final class CancelledBefore {
  private CancelledBefore() {}

  static boolean is(Document batch) {
    return !Lenient.isTrue(batch.get(BatchFields.IS_ACTIVE))
        && Lenient.text(batch.get(BatchFields.CANCELLATION_REASON))
            .filter(reason -> !reason.isEmpty())
            .isPresent();
  }

  /** Returns the same as an expression. */
  public static Document expression() {
    String reason = "$" + BatchFields.CANCELLATION_REASON;
    return new Document(
        "$and",
        List.of(
            new Document("$ne", List.of("$" + BatchFields.IS_ACTIVE, true)),
            new Document("$eq", List.of(new Document("$type", reason), "string")),
            new Document("$ne", List.of(reason, ""))));
  }
}
