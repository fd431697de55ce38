package dev.pulso.counting;

import com.mongodb.MongoException;
import dev.pulso.batch.Counters;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts a group's jobs and stores what it found: one recount of a group at a time over all
 * processes, never older counters over newer ones.
 */
public final class Recounter {
  /** Counters that people watch are at most five seconds old; a recount itself takes some time. */
  public static final Duration MINIMUM_INTERVAL = Duration.ofSeconds(4);

  /** With less than that left, no operation is even tried. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(100);

  /** As long as any operation may take. */
  public static final Duration MOST_PATIENT = Db.OPERATION_TIMEOUT;

  /** Between two questions whether whoever holds a lease is done. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(15);

  /** Fifty who ask every few milliseconds take the time that the count needs. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(120);

  /** Clocks of those who write jobs are up to a minute off, and a time is older than its write. */
  public static final Duration CLOCK_SKEW = Duration.ofSeconds(90);

  private final Db db;
  private final CounterStore snapshots;
  private final RecountRun run;
  private final JobIndexes indexes;

  public Recounter(Db db, ZoneId zone, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
    this.snapshots = new CounterStore(db);
    this.run = new RecountRun(db, zone, indexes, snapshots);
  }

  /**
   * Recounts a group unless somebody else does, or the last recount is younger than {@code
   * interval} or than the duty cycle allows.
   *
   * @param patience how long a write may be held up
   * @return whether it did, and its batch has the counters: a write that a transaction of somebody
   *     holds up is left out
   */
  public boolean recountIfDue(
      JobGroup group, Duration interval, Deadline deadline, Duration patience) {
    return snapshots
        .lease(group, interval, patience)
        .map(lease -> order(lease, false, patience))
        .filter(order -> recount(order, deadline).copied().contains(group))
        .isPresent();
  }

  /**
   * Recounts many groups in few round trips. Leaves out those that somebody else recounts, and
   * those whose duty cycle allows neither counts nor the sums that are behind.
   *
   * @return those that were recounted and stored, in their snapshots and batches
   */
  public Set<JobGroup> recountAll(Collection<JobGroup> groups, Deadline deadline) {
    return recountLeased(snapshots.leaseAllToSum(groups), IndependentWrites.UNHURRIED, deadline);
  }

  /**
   * Recounts many batches that many may watch at once: one of these takes the lease on the last
   * batch and then recounts all; the others find that lease taken, or the recount too young, by one
   * command each.
   *
   * @param interval the least time since the last recount of each
   * @param patience how long the lease on the last batch, or a write, may be held up
   * @return those that were recounted and stored, in their snapshots and batches
   */
  Set<JobGroup> recountWatched(
      List<JobGroup> groups, Duration interval, Duration patience, Deadline deadline) {
    List<Lease<CounterSnapshot>> leases = new ArrayList<>();
    snapshots.lease(groups.getLast(), interval, patience).ifPresent(leases::add);
    if (!leases.isEmpty() && groups.size() > 1) {
      List<JobGroup> others = groups.subList(0, groups.size() - 1);
      leases.addAll(snapshots.leaseAll(others, interval));
    }
    return recountLeased(leases, patience, deadline);
  }

  private Set<JobGroup> recountLeased(
      List<Lease<CounterSnapshot>> leases, Duration patience, Deadline deadline) {
    return leases.isEmpty()
        ? Set.of()
        : recount(new RecountRun.Order(leases, false, patience), deadline).copied();
  }

  /**
   * Has counters of a moment after {@code asOf}: those that are stored, or counted here, or by
   * whoever holds the lease. That they are stored in the batch too, and stay there, is for the
   * caller to see: a crash of the server may take them away, or a transaction hold them up.
   *
   * @param asOf a moment by the clock of the database
   * @param patience how long the lease or the write to the batch may be held up
   * @return their token; empty when the deadline passed first, or somebody holds up the snapshot
   */
  public OptionalLong recountSince(
      JobGroup group, Instant asOf, Deadline deadline, Duration patience) {
    Duration heldUp = Duration.ZERO;
    while (true) {
      long start = System.nanoTime();
      Optional<Lease<CounterSnapshot>> lease = snapshots.leaseUnlessSince(group, asOf);
      if (lease.isPresent()) {
        return recountInTime(lease.get(), deadline, patience);
      }
      heldUp = heldUp.plusNanos(System.nanoTime() - start);
      OptionalLong others = awaitOther(group, asOf, deadline);
      if (others.isPresent() || deadline.passed() || heldUp.compareTo(patience) > 0) {
        return others;
      }
    }
  }

  /** The same, however long it takes until the deadline. */
  public OptionalLong recountSince(JobGroup group, Instant asOf, Deadline deadline) {
    return recountSince(group, asOf, deadline, MOST_PATIENT);
  }

  /** Has counters of a moment after this call: who has the lease need not ask what time it is. */
  public OptionalLong recountNow(JobGroup group, Deadline deadline) {
    Optional<Lease<CounterSnapshot>> lease = snapshots.lease(group);
    return lease.isPresent()
        ? recountInTime(lease.get(), deadline, MOST_PATIENT)
        : recountSince(group, db.now(), deadline);
  }

  private OptionalLong recountInTime(
      Lease<CounterSnapshot> lease, Deadline deadline, Duration patience) {
    try {
      return recount(order(lease, true, patience), deadline).stored().isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(lease.token());
    } catch (MongoException e) {
      if (ServerErrors.isTimeout(e) && deadline.earlierBy(ROUND_TRIP).passed()) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /** Returns the counters of the last recount; empty when it found no job, or there was none. */
  public Optional<Counters> counters(JobGroup group) {
    return snapshots
        .find(group)
        .filter(snapshot -> snapshot.total() > 0)
        .map(CounterSnapshot::counters);
  }

  /** Returns the snapshot if its counts and sums are of after {@code asOf}. */
  public Optional<CounterSnapshot> snapshotSince(JobGroup group, Instant asOf) {
    return snapshots.find(group).filter(snapshot -> snapshot.isSince(asOf));
  }

  /** Waits until whoever holds the lease is done; the token of counters that are late enough. */
  private OptionalLong awaitOther(JobGroup group, Instant asOf, Deadline deadline) {
    Duration pause = FIRST_PAUSE;
    while (!deadline.passed()) {
      CounterStore.State state = snapshots.state(group, asOf);
      if (!state.isLeased()) {
        return state.isSince() ? OptionalLong.of(state.token()) : OptionalLong.empty();
      }
      LockSupport.parkNanos(pause.toNanos());
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    }
    return OptionalLong.empty();
  }

  private static RecountRun.Order order(
      Lease<CounterSnapshot> lease, boolean isExact, Duration patience) {
    return new RecountRun.Order(List.of(lease), isExact, patience);
  }

  private RecountRun.Result recount(RecountRun.Order order, Deadline deadline) {
    long start = System.nanoTime();
    try {
      RecountRun.Result result = indexes.using(() -> run.run(order, deadline));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      Observation.current().recounted(order.leases().size(), took);
      return result;
    } catch (MongoException e) {
      order.leases().forEach(lease -> giveBack(lease, e));
      throw e;
    }
  }

  /** A lease that can't be given back runs out by itself. */
  private void giveBack(Lease<CounterSnapshot> lease, MongoException reason) {
    try {
      snapshots.release(lease);
    } catch (MongoException e) {
      reason.addSuppressed(e);
    }
  }
}
