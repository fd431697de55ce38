package dev.pulso.recount;

import com.mongodb.ClientSessionOptions;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
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
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/**
 * Recounts one group or many: counts, then the sums of those groups whose share of time allows it,
 * all at one moment, then the writes.
 */
final class RecountRun {
  private final Db db;
  private final ZoneId zone;
  private final SmallGroups small;
  private final JobCounter counter;
  private final CallSummer summer;
  private final TallyStore tallies;
  private final BatchFigures batches;

  RecountRun(Db db, ZoneId zone, JobIndexes indexes, TallyStore tallies) {
    this.db = db;
    this.zone = zone;
    this.small = new SmallGroups(db, indexes);
    this.counter = new JobCounter(db, indexes);
    this.summer = new CallSummer(db, indexes);
    this.tallies = tallies;
    this.batches = new BatchFigures(db);
  }

  /**
   * What came of it.
   *
   * @param tallied groups whose tally was stored
   * @param copied those of them whose batches have the figures too, if there are batches
   */
  record Stored(Set<JobGroup> tallied, Set<JobGroup> copied) {}

  /**
   * @param exact whether sums are made anew whatever they cost
   * @param patience how long writes may be held up
   */
  Stored run(
      List<Lease> leases,
      Map<JobGroup, Instant> stamped,
      boolean exact,
      Deadline deadline,
      Duration patience) {
    long start = System.nanoTime();
    Instant midnight = Midnight.before(leases.getFirst().takenAt(), zone);
    Optional<Recount> ofOneRead =
        leases.size() == 1
            ? ofOneRead(leases.getFirst(), midnight, deadline.remaining())
            : Optional.empty();
    Recount recount = ofOneRead.orElseGet(() -> ofOneMoment(leases, midnight, exact, deadline));
    // Where counting takes long, so does a write that nobody holds up.
    Duration took = since(start);
    Duration longer = took.compareTo(patience) > 0 ? took : patience;
    return store(leases, stamped, midnight, recount, longer);
  }

  private Optional<Recount> ofOneRead(Lease lease, Instant midnight, Duration timeout) {
    long start = System.nanoTime();
    return small
        .count(lease.before(), midnight, timeout)
        .map(
            counted ->
                new Recount(
                    Map.of(lease.group(), counted.counts()),
                    since(start),
                    Map.of(lease.group(), counted.sums()),
                    Duration.ZERO));
  }

  private Recount ofOneMoment(
      List<Lease> leases, Instant midnight, boolean exact, Deadline deadline) {
    tallies.awaitSnapshot();
    try (ClientSession snapshot =
        db.client().startSession(ClientSessionOptions.builder().snapshot(true).build())) {
      long start = System.nanoTime();
      Map<JobGroup, JobCounts> counts =
          count(snapshot, leases, midnight, exact, deadline.remaining());
      Duration countCost = since(start);
      Map<JobGroup, Sums> sums = new HashMap<>();
      for (Lease lease : leases) {
        JobCounts counted = counts.getOrDefault(lease.group(), JobCounts.NONE);
        if (counted.counts().total() > 0 && maySum(lease, exact)) {
          sums.put(lease.group(), Sums.NONE);
        }
      }
      start = System.nanoTime();
      if (!sums.isEmpty()) {
        sums.putAll(summer.sum(snapshot, Set.copyOf(sums.keySet()), deadline.remaining()));
      }
      return new Recount(counts, countCost, sums, since(start));
    }
  }

  private Map<JobGroup, JobCounts> count(
      ClientSession snapshot,
      List<Lease> leases,
      Instant midnight,
      boolean exact,
      Duration timeout) {
    if (leases.size() > 1) {
      List<JobGroup> groups = leases.stream().map(Lease::group).toList();
      return counter.count(snapshot, groups, midnight, timeout);
    }
    Lease lease = leases.getFirst();
    boolean stamps = !maySum(lease, exact);
    return Map.of(
        lease.group(), counter.count(snapshot, lease.before(), midnight, stamps, timeout));
  }

  private Stored store(
      List<Lease> leases,
      Map<JobGroup, Instant> stamped,
      Instant midnight,
      Recount recount,
      Duration patience) {
    long all = recount.jobs();
    List<Document> figures = new ArrayList<>();
    List<JobGroup> copies = new ArrayList<>();
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (Lease lease : leases) {
      JobGroup group = lease.group();
      JobCounts counts = recount.counts(group);
      long total = counts.counts().total();
      Duration cost = CountingShare.countCost(part(recount.countCost(), total, all), total);
      Document tally = TallyDocument.counted(lease, counts, midnight, cost);
      Sums sums = total == 0 ? Sums.NONE : recount.sums().get(group);
      if (sums != null) {
        Duration sumsCost = CountingShare.sumsCost(part(recount.sumsCost(), total, all), total);
        TallyDocument.summed(tally, sums, lease.takenAt(), sumsCost);
      } else {
        sums = lease.before().sums();
        tally.append(
            TallyFields.SUMS_BEHIND,
            lease.before().sumsBehind() || isChanged(lease.before(), counts, stamped));
      }
      figures.add(tally);
      if (group.batchId().isPresent()) {
        copies.add(group);
        writes.add(
            total == 0
                ? batches.nothingToCount(lease, untilDue(cost))
                : batches.store(lease, counts.counts(), sums, untilDue(cost)));
      }
    }
    // The batch first: who waits for a recount watches its tally, and then reads the batch.
    Set<JobGroup> notCopied = new HashSet<>();
    batches.write(writes, patience).forEach(index -> notCopied.add(copies.get(index)));
    Set<JobGroup> tallied = new HashSet<>();
    leases.forEach(lease -> tallied.add(lease.group()));
    tallies.store(leases, figures, patience).forEach(lease -> tallied.remove(lease.group()));
    Set<JobGroup> copied = new HashSet<>(tallied);
    copied.removeAll(notCopied);
    return new Stored(tallied, copied);
  }

  private static boolean isChanged(Tally before, JobCounts counts, Map<JobGroup, Instant> stamped) {
    Instant stamp = stamped.getOrDefault(before.group(), counts.latestStamp());
    return before.takenAt().isEmpty()
        || !before.fingerprint().equals(TallyDocument.accounts(counts))
        || stamp.isAfter(before.sumsAt().minus(Recounter.STAMPS_MAY_BE_OFF));
  }

  private static boolean maySum(Lease lease, boolean exact) {
    Tally before = lease.before();
    Duration pause = CountingShare.afterSumming(before.sumsCost(), before.countCost());
    return lease.group().hasSums()
        && (exact || !before.sumsAt().plus(pause).isAfter(lease.takenAt()));
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
