package dev.pulso.overview;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.BatchFields;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.JobGroup;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Finds recent cancels, pauses and resumes that concern a view. Asks the batches themselves, so it
 * covers all processes.
 */
final class RecentActs {
  /**
   * A command stores its start time but may wait 3.5 s for a lock before others see the change. The
   * rest allows for a clock that a new primary sets back.
   */
  private static final Duration SEEN_LATE = Duration.ofSeconds(5);

  /** How long a cached overview waits for this check. After that it is served as stale. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** If more batches changed, the view is assumed to contain one of them. */
  private static final int MOST = 1_000;

  /** No overview waits for more recounts. */
  private static final int MOST_RECOUNTS = 20;

  private final Db db;

  RecentActs(Db db) {
    this.db = db;
  }

  /**
   * Returns whether figures may lack a change, or a cancel is in progress.
   *
   * @param readAt when they were read (UTC, the server's clock)
   */
  boolean isAnySince(View view, Instant readAt) {
    Bson acted =
        or(
            gt(BatchFields.ACTED_AT, Date.from(readAt.minus(SEEN_LATE))),
            eq(BatchFields.CANCEL_OPEN, true));
    Deadline deadline = Deadline.in(PATIENCE);
    List<Document> batches =
        Db.within(deadline.remaining(), db.batches())
            .find(acted)
            .projection(Projections.include(BatchFields.BATCH_ID, BatchFields.ACCOUNT_ID))
            .limit(view.accounts().only().isEmpty() ? 1 : MOST)
            .into(new ArrayList<>());
    return batches.size() == MOST
        || batches.stream().anyMatch(b -> view.shows(Lenient.text(b.get(BatchFields.ACCOUNT_ID))))
        || view.accounts().only().filter(ids -> haveJobsIn(batches, ids, deadline)).isPresent();
  }

  /**
   * Returns groups of open cancels with jobs in the view, first those counted the longest ago.
   *
   * @param cost groups whose last count or sums took longer are left out
   */
  List<JobGroup> openCancels(View view, Duration cost, Deadline deadline) {
    List<Document> open =
        Db.within(deadline.remaining(), db.batches())
            .find(eq(BatchFields.CANCEL_OPEN, true))
            .projection(Projections.include(BatchFields.BATCH_ID))
            .limit(MOST)
            .into(new ArrayList<>());
    List<JobGroup> groups = new ArrayList<>();
    Db.within(deadline.remaining(), db.counterSnapshots())
        .find(
            and(
                ofBatches(open),
                view.accounts().only().map(RecentActs::haveJobs).orElseGet(Filters::empty),
                not(gt(CounterSnapshot.COUNT_COST_MS, cost.toMillis())),
                not(gt(CounterSnapshot.SUMS_COST_MS, cost.toMillis()))))
        .sort(Sorts.ascending(CounterSnapshot.TAKEN_AT))
        .projection(Projections.include("_id"))
        .limit(MOST_RECOUNTS)
        .forEach(found -> groups.add(JobGroup.ofSnapshot(found)));
    return groups;
  }

  /** Overviews count jobs by the account of the job, which may differ from that of its batch. */
  private boolean haveJobsIn(List<Document> batches, Set<String> accountIds, Deadline deadline) {
    return !batches.isEmpty()
        && Db.within(deadline.remaining(), db.counterSnapshots())
                .find(and(ofBatches(batches), haveJobs(accountIds)))
                .projection(Projections.include("_id"))
                .limit(1)
                .first()
            != null;
  }

  /** Matches the counter snapshots of batches. */
  private static Bson ofBatches(List<Document> batches) {
    List<Document> groups = new ArrayList<>();
    for (Document batch : batches) {
      Lenient.text(batch.get(BatchFields.BATCH_ID))
          .ifPresent(id -> groups.add(JobGroup.of(id).key()));
    }
    return in("_id", groups);
  }

  private static Bson haveJobs(Set<String> accountIds) {
    return in(CounterSnapshot.ACCOUNTS + "." + CounterSnapshot.ACCOUNT, accountIds);
  }
}
