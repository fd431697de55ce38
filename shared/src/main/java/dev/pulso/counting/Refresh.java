package dev.pulso.counting;

import com.mongodb.MongoException;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.bson.Document;

/**
 * Brings the counters of all groups up to date: groups that were never counted, groups whose jobs
 * were modified since, and, because not everybody who changes a job sets its time, the groups that
 * were counted the longest ago, as far as the duty cycle allows.
 */
public final class Refresh {
  /** Every group is recounted at least this often. */
  private static final Duration DAILY = Duration.ofHours(24);

  /** Kept back from the time of a refresh for noting how far it came. */
  private static final Duration FOR_NOTES = Duration.ofMillis(500);

  /** So many open snapshots are folded before more are counted: an overview reads each. */
  private static final int MOST_OPEN = 1_000;

  /** Up to so many groups and jobs, each refresh recounts all. */
  private static final int FEW_GROUPS = 50;

  private static final long FEW_JOBS = 20_000;

  private final RefreshProgress.Store progress;
  private final ChangedGroups changedGroups;
  private final CounterStore snapshots;
  private final AccountTotals totals;
  private final ActiveSums activeSums;
  private final Recounter recounter;
  private final ZoneId zone;

  public Refresh(Db db, JobIndexes indexes, Recounter recounter, ZoneId zone) {
    this.progress = new RefreshProgress.Store(db, zone);
    this.changedGroups = new ChangedGroups(db, indexes);
    this.snapshots = new CounterStore(db);
    this.totals = new AccountTotals(db);
    this.activeSums = new ActiveSums(db);
    this.recounter = recounter;
    this.zone = zone;
  }

  /**
   * What a refresh did.
   *
   * @param recounted groups that were counted
   * @param uncounted groups that still never were
   * @param isRebuilt whether totals were wrong, and made anew
   */
  public record Report(int recounted, int uncounted, boolean isRebuilt) {}

  /**
   * Refreshes, unless somebody else does.
   *
   * @return what it did; empty when another refresh is under way, or the time was over before this
   *     one knew what there is to count: then the next begins anew
   */
  public Optional<Report> run(Deadline deadline) {
    return deadline.passed()
        ? Optional.empty()
        : progress.lease().flatMap(lease -> runOrGiveBack(lease, deadline));
  }

  private Optional<Report> runOrGiveBack(Lease<RefreshProgress> lease, Deadline deadline) {
    try {
      return Optional.of(new Run(lease, deadline).run());
    } catch (LostLeaseException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      progress.release(lease, e);
      if (e instanceof MongoException failure
          && ServerErrors.isTimeout(failure)
          && deadline.earlierBy(FOR_NOTES).passed()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Waits until no refresh is under way, or the deadline has passed. */
  public void awaitOther(Deadline deadline) {
    progress.awaitFree(deadline);
  }

  /** A refresh under its lease. */
  private final class Run {
    private final long start = System.nanoTime();
    private final Lease<RefreshProgress> lease;
    private final RefreshProgress before;
    // The epoch if it is of before the server's clock was set back.
    private final Instant lastAsOf;
    private final Deadline deadline;
    private final Deadline work;
    private final Instant midnight;
    private final Chunks changed = new Chunks(recounter::recountAll, this::afterChunk);
    private final Chunks oldest = new Chunks(recounter::recountAll, this::afterChunk);
    private int chunksOpen;
    private boolean isAnyBatchBehind;

    Run(Lease<RefreshProgress> lease, Deadline deadline) {
      this.lease = lease;
      this.before = lease.before();
      this.lastAsOf = before.asOf().isAfter(lease.takenAt()) ? Instant.EPOCH : before.asOf();
      this.deadline = deadline;
      this.work = deadline.earlierBy(FOR_NOTES);
      this.midnight = Midnight.before(lease.takenAt(), zone);
    }

    Report run() {
      boolean isRebuilt = !before.isChecked(lease.takenAt()) && totals.check(lease, deadline);
      changed.recount(List.of(outside()), work);
      ChangedGroups.Found found = changedGroups.find(countedUntil(), midnight, deadline);
      changed.recount(found.groups(), work);
      changed.lookAgain(
          groups -> snapshots.counted(groups, midnight, deadline.share(50).remaining()));
      fold();
      boolean isSummed = sumActive();
      Duration cost = taken();
      boolean isSmall =
          recountOldest() && changed.recounted() <= FEW_GROUPS && changed.total() <= FEW_JOBS;
      fold();
      Instant asOf = isSummed && !isAnyBatchBehind ? changed.countedAsOf() : lastAsOf;
      progress.store(
          lease,
          after(asOf, isSmall ? Duration.ZERO : cost, found.isOfAll()),
          isSmall ? Duration.ZERO : DutyCycle.afterRefresh(taken()));
      return new Report(changed.recounted() + oldest.recounted(), changed.uncounted(), isRebuilt);
    }

    /** The jobs outside of any batch, which each refresh recounts. */
    private Chunks.Candidate outside() {
      return snapshots.counted(List.of(JobGroup.OUTSIDE), midnight, deadline.remaining()).stream()
          .findFirst()
          .orElse(new Chunks.Candidate(JobGroup.OUTSIDE, Optional.empty(), 0));
    }

    /** Up to when the last refresh counted every change, if that is all there is to know. */
    private Optional<Instant> countedUntil() {
      boolean isKnown =
          before.isComplete()
              && before.day().equals(midnight)
              && before.isCompared(lease.takenAt());
      return isKnown ? Optional.of(lastAsOf) : Optional.empty();
    }

    /** Holds the lease, and folds before too many snapshots are open. */
    private void afterChunk() {
      progress.renew(lease);
      chunksOpen++;
      if (chunksOpen * Chunks.MOST_GROUPS >= MOST_OPEN) {
        fold();
      }
    }

    private void fold() {
      chunksOpen = 0;
      isAnyBatchBehind = false;
      for (JobGroup group : totals.fold(lease, deadline)) {
        isAnyBatchBehind |=
            !recounter.recountIfDue(group, Duration.ZERO, deadline, IndependentWrites.UNHURRIED);
      }
    }

    /** Whether there was time for it; else overviews stay as old as the sums. */
    private boolean sumActive() {
      progress.renew(lease);
      return ServerErrors.inTime(
          () -> {
            activeSums.store(lease, deadline);
            return true;
          },
          false);
    }

    /**
     * Recounts what was counted the longest ago: a few groups at each refresh, because these cost
     * next to nothing, all that are a day old, and others as far as the duty cycle allows.
     *
     * @return whether a few groups are all there is: then each refresh is exact
     */
    private boolean recountOldest() {
      Deadline inTurn = work.orIn(timeLeft());
      Instant overdue = lease.takenAt().minus(DAILY);
      int groups = 0;
      long jobs = 0;
      for (Document snapshot : snapshots.before(lease.takenAt(), deadline.remaining())) {
        Chunks.Candidate group = Chunks.Candidate.of(snapshot);
        groups++;
        jobs += group.total();
        boolean isOneOfFew = groups <= FEW_GROUPS && jobs <= FEW_JOBS;
        boolean isOverdue = group.takenAt().filter(at -> at.isAfter(overdue)).isEmpty();
        if (work.passed() || !(isOneOfFew || isOverdue || !inTurn.passed())) {
          oldest.flush(work);
          return false;
        }
        oldest.add(group, work);
      }
      oldest.flush(work);
      return groups <= FEW_GROUPS && jobs <= FEW_JOBS;
    }

    /** What the duty cycle leaves since the last refresh, less what this one took; or negative. */
    private Duration timeLeft() {
      Duration sinceLast =
          before.isNone() ? Duration.ZERO : Duration.between(before.refreshedAt(), lease.takenAt());
      return DutyCycle.ofRefresh(sinceLast).minus(taken());
    }

    /**
     * What is true now: nothing is said of a change that was found and could not be counted.
     *
     * @param countedAsOf the moment up to which all is counted; {@link Instant#MAX}: now
     * @param isOfAll whether all groups were compared
     */
    private RefreshProgress after(Instant countedAsOf, Duration cost, boolean isOfAll) {
      // What was left out with an older count, the next refresh might not find among late changes.
      boolean areCompared = isOfAll && !changed.countedAsOf().isBefore(lastAsOf);
      Instant counted = countedAsOf.isAfter(lease.takenAt()) ? lease.takenAt() : countedAsOf;
      Instant asOf = counted.isBefore(lastAsOf) ? lastAsOf : counted;
      return new RefreshProgress(
          lease.takenAt(),
          asOf.equals(Instant.EPOCH) ? lease.takenAt() : asOf,
          before.dueAt(),
          cost,
          changed.uncounted() == 0,
          changed.areOfDay() ? midnight : before.day(),
          areCompared ? lease.takenAt() : before.comparedAt(),
          before.checkedAt());
    }

    private Duration taken() {
      return Duration.ofNanos(System.nanoTime() - start);
    }
  }
}
