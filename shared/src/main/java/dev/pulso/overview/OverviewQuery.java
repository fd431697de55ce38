package dev.pulso.overview;

import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.bson.Document;

/**
 * Reads counters, never jobs, and reads again what changed under it. Of many active batches the
 * sums are stored, and only those are read that Pulso changed since.
 */
final class OverviewQuery {
  /**
   * So many rows come in one answer: all of them where few batches are active, or their sums are
   * stored. Until these are, a function's memory does not hold all.
   */
  private static final int ROWS_AT_ONCE = 5_000;

  /** Reads that are made even when the deadline has passed: a first one may guess wrong. */
  private static final int LEAST_READS = 3;

  private final Db db;
  private final ZoneId zone;

  /**
   * From when on changes are not in the sums of active batches, as last read; empty: there are no
   * sums. At first only a guess, because reading fifty thousand batches is the dearer mistake.
   */
  private volatile Optional<Instant> unsummed = Optional.of(Lenient.AFTER_LAST_YEAR);

  OverviewQuery(Db db, ZoneId zone) {
    this.db = db;
    this.zone = zone;
  }

  /**
   * Reads it.
   *
   * @throws TimedOutException when what is stored changes under every attempt until the deadline
   */
  OverviewAnswer read(View view, Deadline deadline) {
    for (int read = 1; ; read++) {
      OverviewRows rows = rows(view);
      if (rows.areOfOneState()) {
        return rows.answer(db::now);
      }
      if (read >= LEAST_READS && deadline.passed()) {
        throw new TimedOutException();
      }
    }
  }

  private OverviewRows rows(View view) {
    Optional<Instant> asked = unsummed;
    OverviewRows rows = new OverviewRows(view, asked, zone);
    for (Document row :
        db.progress().aggregate(OverviewPipeline.of(db, view, asked)).batchSize(ROWS_AT_ONCE)) {
      rows.add(row);
    }
    unsummed = rows.unsummed();
    return rows;
  }
}
