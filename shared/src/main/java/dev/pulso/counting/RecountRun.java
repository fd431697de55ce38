package dev.pulso.counting;

import com.mongodb.ClientSessionOptions;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.WriteModel;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import dev.pulso.time.Midnight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bson.Document;

/**
 * One recount of a group, or of many together: counts, then the sums of those groups whose duty
 * cycle allows it, all at one moment, then the writes.
 */
final class RecountRun {
  /** Kept back from the time for sums, so that counts can be stored without them. */
  private static final Duration FOR_STORING = Duration.ofMillis(500);

  /** A refresh for an overview, or for who listens, has less time; upkeep has more at first. */
  private static final Duration SHORT = Duration.ofSeconds(15);

  private final Db db;
  private final ZoneId zone;
  private final SmallGroups small;
  private final Counter counter;
  private final CallSummer summer;
  private final CounterStore snapshots;
  private final BatchCounters batches;

  RecountRun(Db db, ZoneId zone, JobIndexes indexes, CounterStore snapshots) {
    this.db = db;
    this.zone = zone;
    this.small = new SmallGroups(db, indexes);
    this.counter = new Counter(indexes);
    this.summer = new CallSummer(indexes);
    this.snapshots = snapshots;
    this.batches = new BatchCounters(db);
  }

  /**
   * What to recount.
   *
   * @param leases on the groups
   * @param isExact whether sums are made anew whatever they cost
   * @param patience how long writes may be held up, but for the snapshot of an exact recount
   */
  record Order(List<Lease<CounterSnapshot>> leases, boolean isExact, Duration patience) {
    private Instant takenAt() {
      return leases.getFirst().takenAt();
    }

    /** No clock is further ahead: a later time of a job is damage. */
    private Instant latestTime() {
      return takenAt().plus(Recounter.CLOCK_SKEW);
    }
  }

  /**
   * What came of it.
   *
   * @param stored groups whose snapshot was stored
   * @param copied those of them whose batches have the counters too, or refuse them
   */
  record Result(Set<JobGroup> stored, Set<JobGroup> copied) {}

  /**
   * What was counted at one moment.
   *
   * @param counts the jobs of the groups; one without any may be missing
   * @param countCost what counting took
   * @param sums those of the groups that were summed, and of no others
   * @param sumsCost what summing took
   * @param unsummed groups whose sums were not done in time
   */
  private record Counted(
      Map<JobGroup, JobCounts> counts,
      Duration countCost,
      Map<JobGroup, CallSums> sums,
      Duration sumsCost,
      Set<JobGroup> unsummed) {}

  Result run(Order order, Deadline deadline) {
    long start = System.nanoTime();
    Instant midnight = Midnight.before(order.takenAt(), zone);
    Optional<Counted> small = ofSmallGroup(order, midnight, deadline.remaining());
    Counted counted = small.orElseGet(() -> ofOneMoment(order, midnight, deadline));
    // Where counting takes long, so does a write that nobody holds up.
    Duration inTime = deadline.orIn(since(start)).remaining();
    Duration patience = inTime.compareTo(order.patience) > 0 ? inTime : order.patience;
    return store(order, midnight, counted, patience);
  }

  private Optional<Counted> ofSmallGroup(Order order, Instant midnight, Duration timeout) {
    if (order.leases.size() > 1) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    CounterSnapshot before = order.leases.getFirst().before();
    return small
        .count(before, midnight, order.latestTime(), timeout)
        .map(
            counted ->
                new Counted(
                    Map.of(before.group(), counted.counts()),
                    since(start),
                    Map.of(before.group(), counted.sums()),
                    Duration.ZERO,
                    Set.of()));
  }

  private Counted ofOneMoment(Order order, Instant midnight, Deadline deadline) {
    snapshots.awaitMajority();
    try (ClientSession session =
        db.client().startSession(ClientSessionOptions.builder().snapshot(true).build())) {
      long start = System.nanoTime();
      Map<JobGroup, JobCounts> counts = count(session, order, midnight, deadline.remaining());
      Duration countCost = since(start);
      Set<JobGroup> groups =
          order.leases.stream()
              .filter(lease -> maySum(lease, counts.get(lease.before().group()), order, deadline))
              .map(lease -> lease.before().group())
              .collect(Collectors.toSet());
      start = System.nanoTime();
      Optional<Map<JobGroup, CallSums>> sums = sum(session, groups, order, deadline);
      return new Counted(
          counts,
          countCost,
          sums.orElse(Map.of()),
          since(start),
          sums.isPresent() ? Set.of() : groups);
    }
  }

  /** Empty when the time was too short, and stored sums can be shown. */
  private Optional<Map<JobGroup, CallSums>> sum(
      ClientSession session, Set<JobGroup> groups, Order order, Deadline deadline) {
    Map<JobGroup, CallSums> sums = new LinkedHashMap<>();
    groups.forEach(group -> sums.put(group, CallSums.NONE));
    boolean haveOlder =
        !order.isExact
            && order.leases.stream().allMatch(lease -> lease.before().takenAt().isPresent());
    Deadline end = haveOlder ? deadline.keepingBack(FOR_STORING) : deadline;
    Supplier<Optional<Map<JobGroup, CallSums>>> work =
        () -> {
          if (!groups.isEmpty()) {
            sums.putAll(summer.sum(session, groups, end.remaining()));
          }
          return Optional.of(sums);
        };
    return haveOlder ? ServerErrors.inTime(work, Optional.empty()) : work.get();
  }

  private Map<JobGroup, JobCounts> count(
      ClientSession session, Order order, Instant midnight, Duration timeout) {
    if (order.leases.size() > 1) {
      List<JobGroup> groups = order.leases.stream().map(lease -> lease.before().group()).toList();
      return counter.count(session, groups, midnight, order.latestTime(), timeout);
    }
    CounterSnapshot before = order.leases.getFirst().before();
    return Map.of(
        before.group(), counter.count(session, before, midnight, order.latestTime(), timeout));
  }

  private Result store(Order order, Instant midnight, Counted counted, Duration patience) {
    long all = counted.counts.values().stream().mapToLong(of -> of.all().total()).sum();
    List<Document> stored = new ArrayList<>();
    Map<JobGroup, Document> copies = new LinkedHashMap<>();
    List<WriteModel<Document>> writes = new ArrayList<>();
    for (Lease<CounterSnapshot> lease : order.leases) {
      CounterSnapshot before = lease.before();
      JobGroup group = before.group();
      JobCounts counts = counted.counts.getOrDefault(group, JobCounts.NONE);
      long total = counts.all().total();
      Duration cost = DutyCycle.countCost(DutyCycle.part(counted.countCost, total, all), total);
      Document snapshot = CounterSnapshot.counted(lease, counts, midnight, cost);
      CallSums sums = total == 0 ? CallSums.NONE : counted.sums.get(group);
      Duration sumsCost = DutyCycle.sumsCost(DutyCycle.part(counted.sumsCost, total, all), total);
      if (sums != null) {
        CounterSnapshot.addSums(snapshot, sums, lease.takenAt(), sumsCost);
      } else {
        sums = before.sums();
        boolean isBehind = group.hasSums() && (before.sumsBehind() || before.mayLack(counts));
        snapshot.append(CounterSnapshot.SUMS_BEHIND, isBehind);
      }
      if (counted.unsummed.contains(group)) {
        before.addTriedSums(snapshot, lease.takenAt(), sumsCost);
      }
      stored.add(snapshot);
      if (group.batchId().isPresent()) {
        copies.put(group, snapshot);
        writes.add(
            total == 0
                ? batches.nothingToCount(lease, DutyCycle.untilDue(cost))
                : batches.store(lease, counts, sums, DutyCycle.untilDue(cost)));
      }
    }
    // The batch first: who waits for a recount watches its snapshot, and then reads the batch.
    List<JobGroup> written = List.copyOf(copies.keySet());
    IndependentWrites.LeftOut leftOut = batches.write(writes, patience);
    leftOut
        .refused()
        .forEach(i -> copies.get(written.get(i)).append(CounterSnapshot.REFUSED, true));
    Set<JobGroup> groups = new HashSet<>();
    order.leases.forEach(lease -> groups.add(lease.before().group()));
    snapshots
        .store(order.leases, stored, order.isExact ? Recounter.MOST_PATIENT : patience)
        .forEach(heldUp -> groups.remove(heldUp.before().group()));
    Set<JobGroup> copied = new HashSet<>(groups);
    leftOut.late().forEach(i -> copied.remove(written.get(i)));
    return new Result(groups, copied);
  }

  private static boolean maySum(
      Lease<CounterSnapshot> lease, JobCounts counts, Order order, Deadline deadline) {
    CounterSnapshot before = lease.before();
    if (counts == null || counts.all().total() == 0 || !before.group().hasSums()) {
      return false;
    }
    // A caller has less time than upkeep, and leaves to it what may take longer.
    boolean isAwaited =
        order.patience.compareTo(IndependentWrites.UNHURRIED) < 0
            || deadline.remaining().compareTo(SHORT) < 0;
    boolean isLong = before.sumsCost().multipliedBy(2).compareTo(deadline.remaining()) > 0;
    boolean isDue = before.areSumsDue(lease.takenAt(), counts) && !(isAwaited && isLong);
    return order.isExact || isDue;
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
