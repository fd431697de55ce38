package dev.pulso.catchup;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.ServerErrors;
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
  private static final String LEASE_UNTIL = "lease_until";
  private static final String TOKEN = "token";
  private static final Document EPOCH = new Document("$toDate", 0L);
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
    Document until = new Document("$add", List.of("$$NOW", padded.toMillis()));
    Document token =
        new Document("$add", List.of(new Document("$ifNull", List.of("$" + TOKEN, 0L)), 1L));
    try {
      Document taken =
          db.progress()
              .findOneAndUpdate(
                  and(eq("_id", CountingProgress.ID), new Document("$expr", isFree())),
                  List.of(
                      new Document("$set", new Document(LEASE_UNTIL, until).append(TOKEN, token))),
                  new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
      Instant end = Lenient.time(taken.get(LEASE_UNTIL)).orElseThrow();
      return Optional.of(
          new Lease(taken.getLong(TOKEN), end.minus(padded), CountingProgress.of(taken)));
    } catch (MongoException e) {
      if (ServerErrors.isDuplicateKey(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Document isFree() {
    return new Document(
        "$lt", List.of(new Document("$ifNull", List.of("$" + LEASE_UNTIL, EPOCH)), "$$NOW"));
  }

  /** Stores how far a run came, and gives its lease back. */
  void store(Lease lease, Duration untilDue, boolean complete, Instant day) {
    db.progress()
        .updateOne(
            and(eq("_id", CountingProgress.ID), eq(TOKEN, lease.token())),
            List.of(
                new Document(
                    "$set",
                    new Document(CountingProgress.RAN_AT, Date.from(lease.takenAt()))
                        .append(
                            CountingProgress.DUE_AT,
                            new Document("$add", List.of("$$NOW", untilDue.toMillis())))
                        .append(CountingProgress.COMPLETE, complete)
                        .append(CountingProgress.DAY, Date.from(day))
                        .append(LEASE_UNTIL, "$$REMOVE"))));
  }

  void awaitFree(Deadline deadline) {
    while (!deadline.passed()) {
      boolean free =
          db.progress()
                  .find(and(eq("_id", CountingProgress.ID), new Document("$expr", isFree())))
                  .first()
              != null;
      if (free) {
        return;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
