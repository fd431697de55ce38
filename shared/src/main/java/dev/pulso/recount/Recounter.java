package dev.pulso.recount;

import com.mongodb.MongoException;
import dev.pulso.batch.Counters;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts a group's jobs and stores what it found: one recount of a group at a time over all
 * processes, never older figures over newer ones.
 */
public final class Recounter {
  /** Counters that people watch are at most five seconds old; a recount itself takes some time. */
  public static final Duration POLLED_REST = Duration.ofSeconds(4);

  /** With less than that left, no operation is even tried. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(100);

  /** As long as any operation may take. */
  private static final Duration MOST_PATIENT = Duration.ofMillis(3_500);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

  /** Fifty who look every few milliseconds take the time that the count needs. */
  private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofMillis(120);

  /** Clocks of those who stamp jobs are up to a minute off, and a stamp is older than its write. */
  public static final Duration STAMPS_MAY_BE_OFF = Duration.ofSeconds(90);

  private final Db db;
  private final TallyStore tallies;
  private final RecountRun run;
  private final JobIndexes indexes;

  public Recounter(Db db, ZoneId zone, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
    this.tallies = new TallyStore(db);
    this.run = new RecountRun(db, zone, indexes, tallies);
  }

  /**
   * Recounts unless somebody else does, or the last recount is younger than {@code rest} or than
   * its share of the database's time allows.
   *
   * @return whether it did, and its batch has the figures: a write that a transaction of somebody
   *     holds up is left out
   */
  public boolean recountIfDue(JobGroup group, Duration rest, Deadline deadline) {
    Optional<Lease> lease = tallies.lease(group, rest);
    return lease.isPresent()
        && recount(List.of(lease.get()), Map.of(), false, deadline, IndependentWrites.PATIENCE)
            .copied()
            .contains(group);
  }

  /**
   * Recounts many batches' jobs in few round trips, but for those that somebody else recounts or
   * whose share of the database's time is used up.
   *
   * @param stamped when the jobs of each group were last stamped
   * @return those that were recounted and stored, in their tallies and batches
   */
  public Set<JobGroup> recountAll(Map<JobGroup, Instant> stamped, Deadline deadline) {
    List<Lease> leases = tallies.leaseAll(stamped.keySet(), Duration.ZERO);
    return leases.isEmpty()
        ? Set.of()
        : recount(leases, stamped, false, deadline, IndependentWrites.UNHURRIED).copied();
  }

  /**
   * Figures of a moment after {@code asOf}: those that are stored, or counted here, or by whoever
   * holds the lease. That they are stored in the batch too, and stay there, is for the caller to
   * see: a crash of the server may take them away again, or a transaction hold them up.
   *
   * @param asOf a moment by the clock of the database
   * @param patience how long a write may be held up
   * @return their token; empty when the deadline passed first, or somebody holds up the tally
   */
  public OptionalLong recountSince(
      JobGroup group, Instant asOf, Deadline deadline, Duration patience) {
    Duration heldUp = Duration.ZERO;
    while (true) {
      long start = System.nanoTime();
      Optional<Lease> lease = tallies.leaseUnlessSince(group, asOf);
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

  /** The same of a moment after this call: who has the lease need not ask what time it is. */
  public OptionalLong recountNow(JobGroup group, Deadline deadline) {
    Optional<Lease> lease = tallies.lease(group);
    return lease.isPresent()
        ? recountInTime(lease.get(), deadline, MOST_PATIENT)
        : recountSince(group, db.now(), deadline);
  }

  /** The same, however long it takes until the deadline. */
  public OptionalLong recountSince(JobGroup group, Instant asOf, Deadline deadline) {
    return recountSince(group, asOf, deadline, MOST_PATIENT);
  }

  private OptionalLong recountInTime(Lease lease, Deadline deadline, Duration patience) {
    try {
      return recount(List.of(lease), Map.of(), true, deadline, patience).tallied().isEmpty()
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
    return tallies.find(group).filter(tally -> tally.total() > 0).map(Tally::counters);
  }

  /** Waits until whoever holds the lease is done; the token of figures that are late enough. */
  private OptionalLong awaitOther(JobGroup group, Instant asOf, Deadline deadline) {
    Duration pause = LOOK_AGAIN;
    while (!deadline.passed()) {
      TallyStore.State state = tallies.state(group);
      if (!state.isLeased()) {
        return state.figuresAt().isAfter(asOf)
            ? OptionalLong.of(state.token())
            : OptionalLong.empty();
      }
      LockSupport.parkNanos(pause.toNanos());
      pause = pause.compareTo(LOOK_AT_LEAST_EVERY) < 0 ? pause.multipliedBy(2) : pause;
    }
    return OptionalLong.empty();
  }

  /**
   * @param exact whether sums are made anew whatever they cost
   */
  private RecountRun.Stored recount(
      List<Lease> leases,
      Map<JobGroup, Instant> stamped,
      boolean exact,
      Deadline deadline,
      Duration patience) {
    long start = System.nanoTime();
    try {
      RecountRun.Stored stored = run.run(leases, stamped, exact, deadline, patience);
      Observation.current().recounted(leases.size(), Duration.ofNanos(System.nanoTime() - start));
      return stored;
    } catch (MongoException e) {
      indexes.forget();
      leases.forEach(lease -> giveBack(lease, e));
      throw e;
    }
  }

  /** A lease that can't be given back runs out by itself. */
  private void giveBack(Lease lease, MongoException reason) {
    try {
      tallies.release(lease);
    } catch (MongoException e) {
      reason.addSuppressed(e);
    }
  }
}
