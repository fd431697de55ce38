package dev.pulso.counting;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.counting.Chunks.Candidate;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * Recounts what was counted the longest ago: a few groups at every refresh, because these cost next
 * to nothing (where that is everything, each refresh is exact, whatever the times of jobs say), all
 * that are a day old, and others as the duty cycle allows.
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
  boolean recount(Chunks chunks, Instant now, Deadline inTurn, Deadline work) {
    Instant overdue = now.minus(Refresh.DAILY);
    int groups = 0;
    long jobs = 0;
    for (Document snapshot : before(now, work)) {
      Candidate group = candidate(snapshot);
      groups++;
      jobs += group.total();
      boolean isOneOfFew = groups <= FEW && jobs <= FEW_JOBS;
      boolean isOverdue = group.takenAt().filter(at -> at.isAfter(overdue)).isEmpty();
      if (work.passed() || !(isOneOfFew || isOverdue || !inTurn.passed())) {
        chunks.flush(work);
        return false;
      }
      chunks.add(group, work);
    }
    chunks.flush(work);
    return groups <= FEW && jobs <= FEW_JOBS;
  }

  /** Its jobs were not modified since it was counted, as far as their times tell. */
  private static Candidate candidate(Document snapshot) {
    return new Candidate(
        JobGroup.ofKey(snapshot.get("_id", Document.class)),
        Lenient.time(snapshot.get(CounterSnapshot.TAKEN_AT)),
        Lenient.count(snapshot.get(CounterSnapshot.TOTAL)),
        Instant.EPOCH);
  }

  private FindIterable<Document> before(Instant now, Deadline work) {
    return db.counterSnapshots()
        .withTimeout(Math.max(1, work.remainingMillis()), TimeUnit.MILLISECONDS)
        .find(Filters.lt(CounterSnapshot.TAKEN_AT, Date.from(now)))
        .sort(Sorts.ascending(CounterSnapshot.TAKEN_AT))
        .projection(Projections.include(CounterSnapshot.TAKEN_AT, CounterSnapshot.TOTAL))
        .batchSize(ROWS);
  }
}
