package dev.pulso.catchup;

import dev.pulso.mongo.Lenient;
import java.time.Instant;
import org.bson.Document;

/**
 * How far the counting of all groups has come.
 *
 * @param ranAt when somebody last looked what changed (UTC); the epoch: nobody ever did
 * @param dueAt from when on somebody has to look again (UTC)
 * @param isComplete whether every group has been counted at least once
 * @param day the midnight from which on that look counted "today"
 */
public record CountingProgress(Instant ranAt, Instant dueAt, boolean isComplete, Instant day) {
  /** The {@code _id} of its document in {@code pulso_progress}. */
  public static final String ID = "counting";

  /** Nobody ever counted. */
  public static final CountingProgress NONE =
      new CountingProgress(Instant.EPOCH, Instant.EPOCH, false, Instant.EPOCH);

  static final String RAN_AT = "ran_at";
  static final String DUE_AT = "due_at";
  static final String COMPLETE = "complete";
  static final String DAY = "day";

  /** Reads the document that keeps it. */
  public static CountingProgress of(Document document) {
    return new CountingProgress(
        time(document, RAN_AT),
        time(document, DUE_AT),
        Lenient.isTrue(document.get(COMPLETE)),
        time(document, DAY));
  }

  private static Instant time(Document document, String field) {
    return Lenient.time(document.get(field)).orElse(Instant.EPOCH);
  }

  /** Whether nobody ever looked. */
  public boolean isNone() {
    return ranAt.equals(Instant.EPOCH);
  }

  /**
   * Whether it is time to look what changed: the share of the database's time allows it, or a day
   * has begun.
   */
  public boolean isDue(Instant now, Instant midnight) {
    return !now.isBefore(dueAt) || !day.equals(midnight);
  }
}
