package dev.pulso.overview;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import dev.pulso.batch.BatchFields;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.JobGroup;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
    List<Document> batches =
        quick(db.batches())
            .find(acted)
            .projection(Projections.include(BatchFields.BATCH_ID, BatchFields.ACCOUNT_ID))
            .limit(view.accounts().only().isEmpty() ? 1 : MOST)
            .into(new ArrayList<>());
    return batches.size() == MOST
        || batches.stream().anyMatch(b -> view.shows(Lenient.text(b.get(BatchFields.ACCOUNT_ID))))
        || view.accounts().only().filter(ids -> haveJobsIn(batches, ids)).isPresent();
  }

  /** Overviews count jobs by the account of the job, which may differ from that of its batch. */
  private boolean haveJobsIn(List<Document> batches, Set<String> accountIds) {
    List<Document> groups = new ArrayList<>();
    for (Document batch : batches) {
      Lenient.text(batch.get(BatchFields.BATCH_ID))
          .ifPresent(id -> groups.add(JobGroup.of(id).key()));
    }
    return !groups.isEmpty()
        && quick(db.counterSnapshots())
                .find(
                    and(
                        in("_id", groups),
                        in(CounterSnapshot.ACCOUNTS + "." + CounterSnapshot.ACCOUNT, accountIds)))
                .projection(Projections.include("_id"))
                .limit(1)
                .first()
            != null;
  }

  private static MongoCollection<Document> quick(MongoCollection<Document> collection) {
    return collection.withTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
