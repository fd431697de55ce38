package dev.pulso.catchup;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/** Keeps how far counting has come, and who is at it; by the clock of the database. */
final class ProgressStore {
  /** Renewed while a run goes on; a dead process keeps others out for no longer than that. */
  private static final long LEASE_MS = 30_000;

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Db db;
  private final ZoneId zone;

  ProgressStore(Db db, ZoneId zone) {
    this.db = db;
    this.zone = zone;
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
      return before.isNone() ? Duration.ZERO : Duration.between(before.lookedAt(), takenAt);
    }
  }

  /** Takes the lease, unless somebody holds it. */
  Optional<Lease> lease() {
    return Leases.take(db.progress(), CountingProgress.ID, LEASE_MS, true, PATIENCE)
        .map(
            taken ->
                new Lease(taken.token(), taken.at(), CountingProgress.of(taken.document(), zone)));
  }

  /**
   * Holds a lease for longer.
   *
   * @throws LostLeaseException when somebody else has it
   */
  void renew(Lease lease) {
    if (!Leases.renew(db.progress(), CountingProgress.ID, lease.token(), LEASE_MS)) {
      throw new LostLeaseException();
    }
  }

  /** Stores how far a run came, and gives its lease back. */
  void store(Lease lease, CountingProgress now, Duration untilDue) {
    String look = CountingProgress.LOOKS + "." + zone.getId() + ".";
    db.progress()
        .updateOne(
            and(eq("_id", CountingProgress.ID), eq(Leases.TOKEN, lease.token())),
            List.of(
                new Document(
                    "$set",
                    new Document(look + CountingProgress.LOOKED_AT, Date.from(now.lookedAt()))
                        .append(look + CountingProgress.AS_OF, Date.from(now.asOf()))
                        .append(look + CountingProgress.DAY, Date.from(now.day()))
                        .append(look + CountingProgress.COST_MS, now.cost().toMillis())
                        .append(
                            look + CountingProgress.DUE_AT,
                            new Document("$add", List.of("$$NOW", untilDue.toMillis())))
                        .append(CountingProgress.COMPLETE, now.isComplete())
                        .append(Leases.UNTIL, "$$REMOVE"))));
  }

  /** Gives a lease back after a failure; one that can't be given back runs out by itself. */
  void release(Lease lease, RuntimeException reason) {
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
