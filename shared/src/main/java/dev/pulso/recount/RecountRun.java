package dev.pulso.recount;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.WriteModel;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;

/**
 * One recount of one group or of many, all at one moment: counts, then the sums of those groups in
 * which something changed, then the writes.
 */
final class RecountRun {
  private final JobCounter counter;
  private final CallSummer summer;
  private final TallyStore tallies;
  private final BatchFigures batches;
  private final ZoneId zone;

  RecountRun(
      JobCounter counter,
      CallSummer summer,
      TallyStore tallies,
      BatchFigures batches,
      ZoneId zone) {
    this.counter = counter;
    this.summer = summer;
    this.tallies = tallies;
    this.batches = batches;
    this.zone = zone;
  }

  void run(
      ClientSession snapshot,
      List<Lease> leases,
      Map<JobGroup, Instant> stamped,
      boolean exact,
      Deadline deadline) {
    Instant now = leases.get(0).takenAt();
    Instant midnight = Midnight.before(now, zone);
    long start = System.nanoTime();
    Map<JobGroup, JobCounts> counted = count(snapshot, leases, midnight, deadline.remaining());
    Duration countCost = since(start);

    Set<JobGroup> behind = new HashSet<>();
    Set<JobGroup> toSum = new HashSet<>();
    for (Lease lease : leases) {
      JobCounts counts = counted.getOrDefault(lease.group(), JobCounts.NONE);
      if (lease.before().sumsBehind() || isChanged(lease.before(), counts, stamped)) {
        behind.add(lease.group());
      }
      if (lease.group().hasSums() && counts.counts().total() > 0 && (exact || maySum(lease))) {
        toSum.add(lease.group());
      }
    }
    start = System.nanoTime();
    Map<JobGroup, Sums> sums =
        toSum.isEmpty() ? Map.of() : summer.sum(snapshot, toSum, deadline.remaining());
    Duration sumsCost = since(start);

    long all = counted.values().stream().mapToLong(counts -> counts.counts().total()).sum();
    List<Lease> empty = new ArrayList<>();
    Map<Lease, Document> recounts = new HashMap<>();
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (Lease lease : leases) {
      JobGroup group = lease.group();
      JobCounts counts = counted.getOrDefault(group, JobCounts.NONE);
      long total = counts.counts().total();
      Duration cost = CountingShare.countCost(part(countCost, total, all), total);
      Duration untilDue = untilDue(cost);
      Document tally = TallyDocument.counted(lease, counts, midnight, cost);
      if (total == 0) {
        empty.add(lease);
        recounts.put(lease, TallyDocument.summed(tally, Sums.NONE, lease.takenAt(), Duration.ZERO));
        group.batchId().ifPresent(id -> writes.add(batches.nothingToCount(lease, untilDue)));
        continue;
      }
      Sums itsSums = lease.before().sums();
      if (toSum.contains(group)) {
        itsSums = sums.getOrDefault(group, Sums.NONE);
        TallyDocument.summed(
            tally,
            itsSums,
            lease.takenAt(),
            CountingShare.sumsCost(part(sumsCost, total, all), total));
      } else {
        tally.append(TallyFields.SUMS_BEHIND, behind.contains(group));
      }
      recounts.put(lease, tally);
      if (group.batchId().isPresent()) {
        writes.add(batches.store(lease, counts.counts(), itsSums, untilDue));
      }
    }
    // The batch first: who waits for a recount watches its tally, and then reads the batch.
    batches.write(writes);
    tallies.store(recounts);
    if (!empty.isEmpty()) {
      tallies.remove(empty);
    }
  }

  private Map<JobGroup, JobCounts> count(
      ClientSession snapshot, List<Lease> leases, Instant midnight, Duration timeout) {
    if (leases.size() > 1) {
      List<JobGroup> groups = leases.stream().map(Lease::group).toList();
      return counter.count(snapshot, groups, midnight, timeout);
    }
    Tally before = leases.get(0).before();
    return Map.of(before.group(), counter.count(snapshot, before, midnight, timeout));
  }

  private static boolean isChanged(Tally before, JobCounts counts, Map<JobGroup, Instant> stamped) {
    Instant stamp = stamped.getOrDefault(before.group(), counts.latestStamp());
    return before.takenAt().isEmpty()
        || !before.fingerprint().equals(TallyDocument.accounts(counts))
        || stamp.isAfter(before.sumsAt().minus(Recounter.STAMPS_MAY_BE_OFF));
  }

  private static boolean maySum(Lease lease) {
    Tally before = lease.before();
    Duration pause = CountingShare.afterSumming(before.sumsCost(), before.countCost());
    return !before.sumsAt().plus(pause).isAfter(lease.takenAt());
  }

  private static Duration untilDue(Duration cost) {
    Duration share = CountingShare.afterCounting(cost);
    return share.compareTo(Recounter.POLLED_REST) > 0 ? share : Recounter.POLLED_REST;
  }

  /** What a group's jobs have to answer for, of what was spent on all. */
  private static Duration part(Duration cost, long jobs, long all) {
    return all == 0 ? cost : Duration.ofNanos((long) (cost.toNanos() * ((double) jobs / all)));
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
