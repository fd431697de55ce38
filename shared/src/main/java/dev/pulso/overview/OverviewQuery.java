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
 * Reads an overview from counters, never from jobs, and repeats the read if a fold came between. Of
 * many active batches it reads the stored sums, and only the batches that Pulso changed since.
 */
final class OverviewQuery {
  /**
   * Batch size of the cursor. It fits all rows if few batches are active or their sums are stored;
   * before that, all rows together would exceed a function's memory.
   */
  private static final int ROWS_AT_ONCE = 5_000;

  /** Minimum number of reads, even after the deadline: the first may guess wrong. */
  private static final int LEAST_READS = 3;

  private final Db db;
  private final ZoneId zone;

  /**
   * From this time on, changes are not in the sums of active batches, as last read; empty: there
   * are no sums. The first value is a guess: reading fifty thousand batches would be the worse
   * mistake.
   */
  private volatile Optional<Instant> unsummed = Optional.of(Lenient.AFTER_LAST_YEAR);

  OverviewQuery(Db db, ZoneId zone) {
    this.db = db;
    this.zone = zone;
  }

  /**
   * Reads the overview.
   *
   * @throws TimedOutException when every attempt until the deadline met a fold
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
