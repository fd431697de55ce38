package dev.pulso.catchup;

import com.mongodb.MongoException;
import dev.pulso.catchup.GroupStamps.Stamps;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.recount.Tally;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/**
 * Brings the counters of all groups up to date: what was never counted, what changed by its stamps
 * since it was counted, and, because not everybody who changes a job stamps it, the oldest counts
 * in turn for as long as the share of the database's time lasts.
 */
public final class CatchUp {
  /** Every group is recounted at least this often. */
  private static final Duration OLDEST = Duration.ofHours(24);

  /** Kept back from the time of a run for noting how far it came. */
  private static final Duration FOR_NOTES = Duration.ofMillis(500);

  private static final int FEW_GROUPS = 50;
  private static final long FEW_JOBS = 20_000;

  /** One in twenty: what counting may take of the database's time. */
  private static final int SHARE = 20;

  private final ProgressStore progress;
  private final GroupStamps stamps;
  private final AccountTotals totals;
  private final Recounter recounter;
  private final ZoneId zone;

  public CatchUp(Db db, JobIndexes indexes, Recounter recounter, ZoneId zone) {
    this.progress = new ProgressStore(db);
    this.stamps = new GroupStamps(db, indexes);
    this.totals = new AccountTotals(db);
    this.recounter = recounter;
    this.zone = zone;
  }

  /**
   * What a run did.
   *
   * @param recounted groups that were counted
   * @param uncounted groups that still never were
   */
  public record Report(int recounted, int uncounted) {}

  /**
   * Runs, unless somebody else does.
   *
   * @return what it did; empty when another run is under way, or the time was over before this one
   *     knew what there is to count: then the next begins anew
   */
  public Optional<Report> run(Deadline deadline) {
    return deadline.passed()
        ? Optional.empty()
        : progress.lease(deadline.remaining()).flatMap(lease -> runOrGiveBack(lease, deadline));
  }

  private Optional<Report> runOrGiveBack(ProgressStore.Lease lease, Deadline deadline) {
    try {
      return Optional.of(run(lease, deadline));
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
    Instant midnight = Midnight.before(lease.takenAt(), zone);
    Map<String, Stamps> groups = stamps.read(deadline.remaining());
    Map<JobGroup, Tally> tallies = new HashMap<>();
    recounter.tallies().forEach(tally -> tallies.put(tally.group(), tally));

    Deadline work = deadline.earlierBy(FOR_NOTES);
    Slices slices = new Slices(recounter, tallies, stamped(groups));
    List<JobGroup> changed = changed(groups, tallies, midnight);
    int recounted = slices.recount(changed, work);
    List<JobGroup> oldest = oldest(tallies, changed);
    List<JobGroup> overdue =
        oldest.stream()
            .filter(group -> tallies.get(group).isOlderThan(OLDEST, lease.takenAt()))
            .toList();
    recounted += slices.recount(overdue, work);
    List<JobGroup> inTurn = oldest.subList(overdue.size(), oldest.size());
    List<JobGroup> few = few(inTurn, tallies);
    recounted += slices.recount(few, work);
    recounted +=
        slices.recount(inTurn.subList(few.size(), inTurn.size()), work.orIn(rest(lease, start)));
    int uncounted = uncounted(groups, tallies);
    Document all = totals.refresh(lease.token(), midnight);
    Duration cost = Duration.ofNanos(System.nanoTime() - start);
    boolean isSmall = few.size() == inTurn.size() && groups.size() <= FEW_GROUPS;
    progress.store(
        lease,
        isSmall ? Duration.ZERO : cost.multipliedBy(SHARE - 1),
        uncounted == 0,
        midnight,
        all);
    return new Report(recounted, uncounted);
  }

  /**
   * What is recounted at every look, because it costs next to nothing: where that is everything,
   * each look is exact, stamps or not, and none has to be saved.
   */
  private static List<JobGroup> few(List<JobGroup> oldest, Map<JobGroup, Tally> tallies) {
    long jobs = 0;
    int groups = 0;
    while (groups < Math.min(oldest.size(), FEW_GROUPS)) {
      jobs += tallies.get(oldest.get(groups)).total();
      if (jobs > FEW_JOBS) {
        break;
      }
      groups++;
    }
    return oldest.subList(0, groups);
  }

  private static Map<JobGroup, Instant> stamped(Map<String, Stamps> groups) {
    Map<JobGroup, Instant> stamped = new HashMap<>();
    groups.forEach((batchId, stamps) -> stamped.put(JobGroup.of(batchId), stamps.latest()));
    return stamped;
  }

  /** What is left of the share after what this run took already. */
  private static Duration rest(ProgressStore.Lease lease, long start) {
    Duration share = lease.sinceLastRun().dividedBy(SHARE);
    Duration used = Duration.ofNanos(System.nanoTime() - start);
    return share.compareTo(used) > 0 ? share.minus(used) : Duration.ZERO;
  }

  /** Uncounted groups first, then what was counted the longest ago. */
  private static List<JobGroup> changed(
      Map<String, Stamps> groups, Map<JobGroup, Tally> tallies, Instant midnight) {
    List<JobGroup> changed = new ArrayList<>();
    groups.forEach(
        (batchId, stamps) -> {
          JobGroup group = JobGroup.of(batchId);
          if (mayHaveChanged(Optional.ofNullable(tallies.get(group)), stamps, midnight)) {
            changed.add(group);
          }
        });
    // Nothing tells cheaply when single calls changed, nor which groups have lost all their jobs.
    changed.add(JobGroup.OUTSIDE);
    tallies.keySet().stream()
        .filter(group -> group.batchId().filter(id -> !groups.containsKey(id)).isPresent())
        .forEach(changed::add);
    changed.sort(Comparator.comparing(group -> takenAt(tallies.get(group))));
    return changed;
  }

  private static boolean mayHaveChanged(Optional<Tally> tally, Stamps stamps, Instant midnight) {
    Optional<Instant> takenAt = tally.flatMap(Tally::takenAt);
    if (takenAt.isEmpty() || stamps.latest().equals(Instant.MAX)) {
      return true;
    }
    boolean isOfAnotherDay = !tally.get().day().equals(midnight);
    return !stamps.latest().isBefore(takenAt.get().minus(Recounter.STAMPS_MAY_BE_OFF))
        || (isOfAnotherDay && !stamps.uploaded().isBefore(midnight))
        || tally.get().sumsBehind();
  }

  private static List<JobGroup> oldest(Map<JobGroup, Tally> tallies, List<JobGroup> done) {
    List<JobGroup> oldest = new ArrayList<>(tallies.keySet());
    oldest.removeAll(new HashSet<>(done));
    oldest.sort(Comparator.comparing(group -> takenAt(tallies.get(group))));
    return oldest;
  }

  private static Instant takenAt(Tally tally) {
    return tally == null ? Instant.EPOCH : tally.takenAt().orElse(Instant.EPOCH);
  }

  private int uncounted(Map<String, Stamps> groups, Map<JobGroup, Tally> before) {
    Set<String> left = new HashSet<>(groups.keySet());
    removeCounted(left, before.values());
    if (!left.isEmpty()) {
      removeCounted(left, recounter.tallies());
    }
    return left.size();
  }

  private static void removeCounted(Set<String> batchIds, Collection<Tally> tallies) {
    for (Tally tally : tallies) {
      if (tally.takenAt().isPresent()) {
        tally.group().batchId().ifPresent(batchIds::remove);
      }
    }
  }
}
