package dev.pulso.catchup;

import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.bson.Document;

/**
 * How far the counting of all groups has come, for one zone's days.
 *
 * @param lookedAt when somebody last looked what changed (UTC); the epoch: nobody ever did
 * @param asOf the moment up to which every change is counted (UTC)
 * @param dueAt from when on somebody has to look again (UTC)
 * @param cost what finding and counting the changes took; zero: so few groups that it never matters
 * @param isComplete whether every group has been counted at least once
 * @param day the midnight since which every new job is counted as of that day
 * @param checkedAt when totals were last compared with tallies (UTC)
 */
public record CountingProgress(
    Instant lookedAt,
    Instant asOf,
    Instant dueAt,
    Duration cost,
    boolean isComplete,
    Instant day,
    Instant checkedAt) {
  /** The {@code _id} of its document in {@code pulso_progress}. */
  public static final String ID = "counting";

  /** Nobody ever counted. */
  public static final CountingProgress NONE =
      new CountingProgress(
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH,
          Duration.ZERO,
          false,
          Instant.EPOCH,
          Instant.EPOCH);

  static final String LOOKS = "looks";
  static final String LOOKED_AT = "looked_at";
  static final String AS_OF = "as_of";
  static final String DUE_AT = "due_at";
  static final String COST_MS = "cost_ms";
  static final String COMPLETE = "complete";
  static final String DAY = "day";

  /** Upkeep runs each minute: after that long without a look, it does not run. */
  private static final Duration SILENT = Duration.ofMinutes(2);

  /** Reads the document that keeps it. Days are those of a zone, and so is each look. */
  public static CountingProgress of(Document document, ZoneId zone) {
    Document look = Lenient.document(Lenient.document(document.get(LOOKS)).get(zone.getId()));
    return new CountingProgress(
        time(look, LOOKED_AT),
        time(look, AS_OF),
        time(look, DUE_AT),
        Duration.ofMillis(Lenient.count(look.get(COST_MS))),
        Lenient.isTrue(document.get(COMPLETE)),
        time(look, DAY),
        time(document, Totals.CHECKED_AT));
  }

  private static Instant time(Document document, String field) {
    return Lenient.time(document.get(field)).orElse(Instant.EPOCH);
  }

  /** Whether nobody ever looked, or what is stored is of an older Pulso. */
  public boolean isNone() {
    return lookedAt.equals(Instant.EPOCH) || checkedAt.equals(Instant.EPOCH);
  }

  /** Whether it is time to look what changed: the duty cycle allows it, or a day has begun. */
  public boolean isDue(Instant now, Instant midnight) {
    return !now.isBefore(dueAt) || !day.equals(midnight);
  }

  /** Whether nobody has looked for so long that upkeep evidently does not run. */
  public boolean isSilent(Instant now) {
    return lookedAt.plus(SILENT).isBefore(now);
  }
}
