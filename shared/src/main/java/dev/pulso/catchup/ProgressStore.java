package dev.pulso.catchup;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/** Keeps how far counting has come, and who is at it; by the clock of the database. */
final class ProgressStore {
  private static final Duration SPARE = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Db db;

  ProgressStore(Db db) {
    this.db = db;
  }

  /**
   * The right to catch up, until it runs out.
   *
   * @param token tells this lease from others
   * @param takenAt when it was taken
   * @param before what was there
   */
  record Lease(long token, Instant takenAt, CountingProgress before) {
    Duration sinceLastRun() {
      return before.isNone() ? Duration.ZERO : Duration.between(before.ranAt(), takenAt);
    }
  }

  /** Takes the lease, unless somebody holds it. */
  Optional<Lease> lease(Duration length) {
    Duration padded = length.plus(SPARE);
    return Leases.take(db.progress(), CountingProgress.ID, length.plus(SPARE).toMillis(), true)
        .map(taken -> new Lease(taken.token(), taken.at(), CountingProgress.of(taken.document())));
  }

  /** Stores how far a run came and what it added up, and gives its lease back. */
  void store(Lease lease, Duration untilDue, boolean complete, Instant day, Document all) {
    db.progress()
        .updateOne(
            and(eq("_id", CountingProgress.ID), eq(Leases.TOKEN, lease.token())),
            List.of(
                new Document(
                    "$set",
                    new Document(CountingProgress.RAN_AT, Date.from(lease.takenAt()))
                        .append(
                            CountingProgress.DUE_AT,
                            new Document("$add", List.of("$$NOW", untilDue.toMillis())))
                        .append(CountingProgress.COMPLETE, complete)
                        .append(CountingProgress.DAY, Date.from(day))
                        .append(AccountTotals.ALL, all)
                        .append(Leases.UNTIL, "$$REMOVE"))));
  }

  /** Gives a lease back after a failure; one that can't be given back runs out by itself. */
  void release(Lease lease, MongoException reason) {
    try {
      Leases.release(db.progress(), CountingProgress.ID, lease.token());
    } catch (MongoException e) {
      reason.addSuppressed(e);
    }
  }

  void awaitFree(Deadline deadline) {
    while (!deadline.passed()) {
      boolean held =
          db.progress()
                  .find(and(eq("_id", CountingProgress.ID), new Document("$expr", Leases.isHeld())))
                  .first()
              != null;
      if (!held) {
        return;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
