package dev.pulso.counting;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.MongoException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * How far the refresh of all groups has come, for the days of one time zone. All times are the
 * server's (UTC).
 *
 * @param refreshedAt when the last refresh began; the epoch: there was none
 * @param asOf the moment up to which every change is counted
 * @param dueAt from when on the next refresh may begin
 * @param cost what finding and counting the changes took; zero: so few groups that it never matters
 * @param isComplete whether every group has been counted at least once
 * @param day the midnight since which every new job is counted as of that day
 * @param comparedAt when all groups were last compared with their snapshots, and every change
 *     counted or left to the next refresh, which sees it without comparing all
 * @param checkedAt when the account totals were last compared with the snapshots
 */
public record RefreshProgress(
    Instant refreshedAt,
    Instant asOf,
    Instant dueAt,
    Duration cost,
    boolean isComplete,
    Instant day,
    Instant comparedAt,
    Instant checkedAt) {
  /** The {@code _id} of its document in {@code pulso_progress}. */
  static final String ID = "counting";

  /** Matches that document. */
  public static final Bson COUNTING = eq("_id", ID);

  private static final String ZONES = "looks";
  private static final String REFRESHED_AT = "looked_at";
  private static final String AS_OF = "as_of";
  private static final String DUE_AT = "due_at";
  private static final String COST_MS = "cost_ms";
  private static final String COMPLETE = "complete";
  private static final String DAY = "day";
  private static final String COMPARED_AT = "compared_at";

  /** Account totals are compared with snapshots at least this often. */
  private static final Duration CHECKED = Duration.ofHours(24);

  /** All groups are compared at least this often; in between, those with a late time. */
  private static final Duration COMPARED = Duration.ofMinutes(10);

  /** Upkeep runs each minute: after that long without a refresh, it does not run. */
  private static final Duration SILENT = Duration.ofMinutes(2);

  /** Reads the document. */
  public static RefreshProgress of(Document document, ZoneId zone) {
    Document ofZone = Lenient.document(Lenient.document(document.get(ZONES)).get(zone.getId()));
    return new RefreshProgress(
        time(ofZone, REFRESHED_AT),
        time(ofZone, AS_OF),
        time(ofZone, DUE_AT),
        Duration.ofMillis(Lenient.count(ofZone.get(COST_MS))),
        Lenient.isTrue(document.get(COMPLETE)),
        time(ofZone, DAY),
        time(ofZone, COMPARED_AT),
        time(document, AccountTotals.CHECKED_AT));
  }

  private static Instant time(Document document, String field) {
    return Lenient.time(document.get(field)).orElse(Instant.EPOCH);
  }

  /** Whether there was no refresh yet, or what is stored is of an older Pulso. */
  public boolean isNone() {
    return refreshedAt.equals(Instant.EPOCH) || checkedAt.equals(Instant.EPOCH);
  }

  /**
   * Whether it is time for a refresh: the duty cycle allows it, a day has begun, or the server's
   * clock was set back.
   */
  public boolean isDue(Instant now, Instant midnight) {
    return !now.isBefore(dueAt) || !day.equals(midnight) || now.isBefore(refreshedAt);
  }

  /** Whether all groups were compared so lately, by a clock that was not set back since. */
  boolean isCompared(Instant now) {
    return isWithin(comparedAt, COMPARED, now);
  }

  /** The same of the account totals. */
  boolean isChecked(Instant now) {
    return isWithin(checkedAt, CHECKED, now);
  }

  /** False if it is of the future: the server's clock was set back since. */
  static boolean isWithin(Instant at, Duration time, Instant now) {
    return at.plus(time).isAfter(now) && !at.isAfter(now);
  }

  /** Whether there was no refresh for so long that upkeep evidently does not run. */
  public boolean isSilent(Instant now) {
    return refreshedAt.plus(SILENT).isBefore(now);
  }

  /** Keeps it in the database, and says who refreshes. */
  static final class Store {
    /** Renewed while a refresh goes on; a dead process keeps others out for no longer than that. */
    private static final long LEASE_MS = 30_000;

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Db db;
    private final ZoneId zone;

    Store(Db db, ZoneId zone) {
      this.db = db;
      this.zone = zone;
    }

    /** Takes the lease, unless somebody holds it. */
    Optional<Lease<RefreshProgress>> lease() {
      return Leases.take(db.progress(), ID, LEASE_MS, true, PATIENCE)
          .map(lease -> lease.map(document -> of(document, zone)));
    }

    /**
     * Holds a lease for longer.
     *
     * @throws LostLeaseException when somebody else has it
     */
    void renew(Lease<RefreshProgress> lease) {
      Leases.renew(db.progress(), ID, lease.token(), LEASE_MS);
    }

    /** Stores how far a refresh came, and gives its lease back. */
    void store(Lease<RefreshProgress> lease, RefreshProgress now, Duration untilDue) {
      String ofZone = ZONES + "." + zone.getId() + ".";
      db.progress()
          .updateOne(
              and(COUNTING, eq(Leases.TOKEN, lease.token())),
              List.of(
                  new Document(
                      "$set",
                      new Document(ofZone + REFRESHED_AT, Date.from(now.refreshedAt))
                          .append(ofZone + AS_OF, Date.from(now.asOf))
                          .append(ofZone + DAY, Date.from(now.day))
                          .append(ofZone + COMPARED_AT, Date.from(now.comparedAt))
                          .append(ofZone + COST_MS, now.cost.toMillis())
                          .append(ofZone + DUE_AT, Db.later(untilDue))
                          .append(COMPLETE, now.isComplete)
                          .append(Leases.UNTIL, "$$REMOVE"))));
    }

    /** Gives a lease back after a failure; one that can't be given back runs out by itself. */
    void release(Lease<RefreshProgress> lease, RuntimeException reason) {
      try {
        Leases.release(db.progress(), ID, lease.token());
      } catch (MongoException e) {
        reason.addSuppressed(e);
      }
    }

    /** Waits until nobody holds the lease, or the deadline has passed. */
    void awaitFree(Deadline deadline) {
      Document isHeld = new Document("_id", ID).append("$expr", Leases.isHeld());
      while (!deadline.passed() && db.progress().find(isHeld).first() != null) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
