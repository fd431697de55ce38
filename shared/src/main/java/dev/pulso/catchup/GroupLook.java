package dev.pulso.catchup;

import dev.pulso.mongo.Lenient;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.TallyFields;
import java.time.Instant;
import java.util.Optional;
import org.bson.Document;

/**
 * A group that is to be recounted.
 *
 * @param takenAt when it was counted last; empty: never
 * @param total how many jobs it had then
 * @param stamp the latest stamp of its jobs; {@link Instant#MAX}: nothing tells
 */
record GroupLook(JobGroup group, Optional<Instant> takenAt, long total, Instant stamp) {
  /** Single calls: nothing tells cheaply when they changed. */
  static final GroupLook OUTSIDE =
      new GroupLook(JobGroup.OUTSIDE, Optional.empty(), 0, Instant.MAX);

  /** As {@link ChangedGroups} finds them. */
  static GroupLook ofRow(Document row) {
    return new GroupLook(
        JobGroup.of(row.getString("_id")),
        Lenient.time(row.get(TallyFields.TAKEN_AT)),
        Lenient.count(row.get(TallyFields.TOTAL)),
        row.get(ChangedGroups.STAMP) == null
            ? Instant.EPOCH
            : Lenient.time(row.get(ChangedGroups.STAMP)).orElse(Instant.MAX));
  }

  /** A tally whose jobs carry no new stamp. */
  static GroupLook ofTally(Document tally) {
    return new GroupLook(
        JobGroup.ofKey(tally.get("_id", Document.class)),
        Lenient.time(tally.get(TallyFields.TAKEN_AT)),
        Lenient.count(tally.get(TallyFields.TOTAL)),
        Instant.EPOCH);
  }

  /** Whether it was never counted. */
  boolean isUncounted() {
    return takenAt.isEmpty();
  }
}
