package dev.pulso.catchup;

import com.mongodb.MongoException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Brings the counters of all groups up to date: what was never counted, what changed by its stamps
 * since it was counted, and, because not everybody who changes a job stamps it, the oldest counts
 * in turn for as long as the share of the database's time lasts.
 */
public final class CatchUp {
  /** Every group is recounted at least this often, and the totals are compared with tallies. */
  static final Duration DAILY = Duration.ofHours(24);

  /** Kept back from the time of a run for noting how far it came. */
  private static final Duration FOR_NOTES = Duration.ofMillis(500);

  /** So many open tallies are folded before more are counted: an overview reads each. */
  private static final int MOST_OPEN = 1_000;

  /** One in twenty: what counting may take of the database's time. */
  private static final int SHARE = 20;

  private final ProgressStore progress;
  private final ChangedGroups changed;
  private final OldestGroups oldest;
  private final Totals totals;
  private final ActiveSums activeSums;
  private final Recounter recounter;
  private final ZoneId zone;

  public CatchUp(Db db, JobIndexes indexes, Recounter recounter, ZoneId zone) {
    this.progress = new ProgressStore(db, zone);
    this.changed = new ChangedGroups(db, indexes);
    this.oldest = new OldestGroups(db);
    this.totals = new Totals(db);
    this.activeSums = new ActiveSums(db);
    this.recounter = recounter;
    this.zone = zone;
  }

  /**
   * What a run did.
   *
   * @param recounted groups that were counted
   * @param uncounted groups that still never were
   * @param isRebuilt whether totals were wrong, and made anew
   */
  public record Report(int recounted, int uncounted, boolean isRebuilt) {}

  /**
   * Runs, unless somebody else does.
   *
   * @return what it did; empty when another run is under way, or the time was over before this one
   *     knew what there is to count: then the next begins anew
   */
  public Optional<Report> run(Deadline deadline) {
    return deadline.passed()
        ? Optional.empty()
        : progress.lease().flatMap(lease -> runOrGiveBack(lease, deadline));
  }

  private Optional<Report> runOrGiveBack(ProgressStore.Lease lease, Deadline deadline) {
    try {
      return Optional.of(run(lease, deadline));
    } catch (LostLeaseException e) {
      return Optional.empty();
    } catch (MongoException e) {
      progress.release(lease, e);
      if (ServerErrors.isTimeout(e) && deadline.earlierBy(FOR_NOTES).passed()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Waits until no run is under way, or the deadline has passed. */
  public void awaitOther(Deadline deadline) {
    progress.awaitFree(deadline);
  }

  private Report run(ProgressStore.Lease lease, Deadline deadline) {
    long start = System.nanoTime();
    Deadline work = deadline.earlierBy(FOR_NOTES);
    boolean isRebuilt =
        !lease.before().checkedAt().plus(DAILY).isAfter(lease.takenAt())
            && totals.check(lease, deadline);
    Folding folding = new Folding(lease, deadline);
    Slices stamped = new Slices(recounter, folding);
    Instant midnight = Midnight.before(lease.takenAt(), zone);
    stamped.recount(List.of(GroupLook.OUTSIDE), work);
    stamped.recount(changed.find(midnight, deadline.remaining()), work);
    folding.fold();
    boolean isSummed = sumActive(lease, deadline);
    Duration cost = since(start);
    Slices unstamped = new Slices(recounter, folding);
    boolean isSmall =
        oldest.recount(unstamped, lease.takenAt(), work.orIn(rest(lease, start)), work)
            && stamped.recounted() <= OldestGroups.FEW;
    folding.fold();
    progress.store(
        lease,
        after(
            lease,
            stamped,
            isSummed ? folding.countedAsOf(stamped) : lease.before().asOf(),
            midnight,
            isSmall ? Duration.ZERO : cost),
        isSmall ? Duration.ZERO : since(start).multipliedBy(SHARE - 1));
    return new Report(stamped.recounted() + unstamped.recounted(), stamped.uncounted(), isRebuilt);
  }

  /** Whether there was time for it; else overviews stay as old as the sums. */
  private boolean sumActive(ProgressStore.Lease lease, Deadline deadline) {
    progress.renew(lease);
    try {
      activeSums.store(lease, deadline);
      return true;
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      return false;
    }
  }

  /** What is true now: nothing is said of a change that was found and could not be counted. */
  private static CountingProgress after(
      ProgressStore.Lease lease,
      Slices stamped,
      Instant countedAsOf,
      Instant midnight,
      Duration cost) {
    CountingProgress before = lease.before();
    boolean isAll = stamped.countedAsOf().equals(Instant.MAX);
    Instant asOf = countedAsOf.equals(Instant.MAX) ? lease.takenAt() : countedAsOf;
    if (asOf.isBefore(before.asOf())) {
      asOf = before.asOf();
    }
    return new CountingProgress(
        lease.takenAt(),
        asOf.equals(Instant.EPOCH) ? lease.takenAt() : asOf,
        before.dueAt(),
        cost,
        stamped.uncounted() == 0,
        isAll ? midnight : before.day(),
        before.checkedAt());
  }

  /** What is left of the share after what this run took already. */
  private static Duration rest(ProgressStore.Lease lease, long start) {
    Duration share = lease.sinceLastRun().dividedBy(SHARE);
    Duration used = since(start);
    return share.compareTo(used) > 0 ? share.minus(used) : Duration.ZERO;
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Holds the lease while slices are counted, and folds before too many tallies are open. */
  private final class Folding implements Runnable {
    private final ProgressStore.Lease lease;
    private final Deadline deadline;
    private int slices;
    private boolean isAnyBehind;

    Folding(ProgressStore.Lease lease, Deadline deadline) {
      this.lease = lease;
      this.deadline = deadline;
    }

    @Override
    public void run() {
      progress.renew(lease);
      slices++;
      if (slices * Slices.MOST_GROUPS >= MOST_OPEN) {
        fold();
      }
    }

    void fold() {
      slices = 0;
      isAnyBehind = false;
      for (JobGroup group : totals.fold(lease, deadline)) {
        isAnyBehind |= !recounter.recountIfDue(group, Duration.ZERO, deadline);
      }
    }

    /** Nothing is said either of what a tally holds and its batch still lacks. */
    Instant countedAsOf(Slices stamped) {
      return isAnyBehind ? lease.before().asOf() : stamped.countedAsOf();
    }
  }
}
