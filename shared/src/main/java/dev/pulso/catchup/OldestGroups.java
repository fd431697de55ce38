package dev.pulso.catchup;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.mongo.Db;
import dev.pulso.recount.TallyFields;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Recounts what was counted the longest ago: a few groups at every refresh, because these cost next
 * to nothing (where that is everything, each refresh is exact, stamps or not), all that are a day
 * old, and others as the duty cycle allows.
 */
final class OldestGroups {
  static final int FEW = 50;
  private static final long FEW_JOBS = 20_000;
  private static final int ROWS = 1_000;

  private final Db db;

  OldestGroups(Db db) {
    this.db = db;
  }

  /**
   * Recounts them.
   *
   * @param now the moment since which nothing needs another count
   * @param inTurn until when the duty cycle allows counts that are not overdue
   * @param work until when there is time at all
   * @return whether few groups are all that there are
   */
  boolean recount(Slices slices, Instant now, Deadline inTurn, Deadline work) {
    Instant overdue = now.minus(CatchUp.DAILY);
    int groups = 0;
    long jobs = 0;
    for (Document tally : before(now, work)) {
      GroupLook group = GroupLook.ofTally(tally);
      groups++;
      jobs += group.total();
      boolean isOneOfFew = groups <= FEW && jobs <= FEW_JOBS;
      boolean isOverdue = group.takenAt().filter(at -> at.isAfter(overdue)).isEmpty();
      if (work.passed() || !(isOneOfFew || isOverdue || !inTurn.passed())) {
        slices.flush(work);
        return false;
      }
      slices.add(group, work);
    }
    slices.flush(work);
    return groups <= FEW && jobs <= FEW_JOBS;
  }

  private FindIterable<Document> before(Instant now, Deadline work) {
    return db.tallies()
        .withTimeout(Math.max(1, work.remainingMillis()), TimeUnit.MILLISECONDS)
        .find(Filters.lt(TallyFields.TAKEN_AT, Date.from(now)))
        .sort(Sorts.ascending(TallyFields.TAKEN_AT))
        .projection(Projections.include(TallyFields.TAKEN_AT, TallyFields.TOTAL))
        .batchSize(ROWS);
  }
}
