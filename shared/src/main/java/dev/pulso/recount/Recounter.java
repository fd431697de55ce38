package dev.pulso.recount;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import dev.pulso.mongo.Db;
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

  private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

  /** Clocks of those who stamp jobs are up to a minute off, and a stamp is older than its write. */
  public static final Duration STAMPS_MAY_BE_OFF = Duration.ofSeconds(90);

  private final Db db;
  private final ZoneId zone;
  private final TallyStore tallies;
  private final BatchFigures batchFigures;
  private final JobCounter counter;
  private final CallSummer summer;
  private final JobIndexes indexes;

  public Recounter(Db db, ZoneId zone, JobIndexes indexes) {
    this.db = db;
    this.zone = zone;
    this.indexes = indexes;
    this.tallies = new TallyStore(db);
    this.batchFigures = new BatchFigures(db);
    this.counter = new JobCounter(db, indexes);
    this.summer = new CallSummer(db, indexes);
  }

  /** What is known of every group that was ever counted. */
  public List<Tally> tallies() {
    return tallies.all();
  }

  /**
   * Recounts unless somebody else does, or the last recount is younger than {@code rest} or than
   * its share of the database's time allows.
   *
   * @return whether it did
   */
  public boolean recountIfDue(JobGroup group, Duration rest, Deadline deadline) {
    Optional<Lease> lease = tallies.lease(group, rest);
    lease.ifPresent(taken -> recount(List.of(taken), Map.of(), false, deadline));
    return lease.isPresent();
  }

  /**
   * Recounts many batches' jobs in few round trips, but for those that somebody else recounts or
   * whose share of the database's time is used up.
   *
   * @param stamped when the jobs of each group were last stamped
   * @return how many it recounted
   */
  public int recountAll(Map<JobGroup, Instant> stamped, Deadline deadline) {
    List<Lease> leases = tallies.leaseAll(stamped.keySet(), Duration.ZERO);
    if (!leases.isEmpty()) {
      recount(leases, stamped, false, deadline);
    }
    return leases.size();
  }

  /**
   * Figures of a moment after {@code asOf}: those that are stored, or counted here, or by whoever
   * holds the lease.
   *
   * @param asOf a moment by the clock of the database
   * @return whether such figures are stored now; false when the deadline passed first
   */
  public boolean recountSince(JobGroup group, Instant asOf, Deadline deadline) {
    while (true) {
      Optional<Lease> lease = tallies.leaseUnlessSince(group, asOf);
      if (lease.isPresent()) {
        return recountInTime(lease.get(), deadline);
      }
      if (waitForOther(group, asOf, deadline)) {
        return true;
      }
      if (deadline.passed()) {
        return false;
      }
    }
  }

  private boolean recountInTime(Lease lease, Deadline deadline) {
    try {
      recount(List.of(lease), Map.of(), true, deadline);
      return true;
    } catch (MongoException e) {
      if (ServerErrors.isTimeout(e) && deadline.earlierBy(ROUND_TRIP).passed()) {
        return false;
      }
      throw e;
    }
  }

  /** Waits until whoever holds the lease is done, and says whether that was late enough. */
  private boolean waitForOther(JobGroup group, Instant asOf, Deadline deadline) {
    while (!deadline.passed()) {
      TallyStore.State state = tallies.state(group);
      if (!state.isLeased()) {
        return state.figuresAt().isAfter(asOf);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return false;
  }

  /**
   * @param exact whether sums are made anew whatever they cost
   */
  private void recount(
      List<Lease> leases, Map<JobGroup, Instant> stamped, boolean exact, Deadline deadline) {
    long start = System.nanoTime();
    try (ClientSession snapshot = snapshot()) {
      RecountRun run = new RecountRun(counter, summer, tallies, batchFigures, zone);
      run.run(snapshot, leases, stamped, exact, deadline);
    } catch (MongoException e) {
      indexes.forget();
      leases.forEach(lease -> giveBack(lease, e));
      throw e;
    }
    Observation.current().recounted(leases.size(), Duration.ofNanos(System.nanoTime() - start));
  }

  /** A lease that can't be given back runs out by itself. */
  private void giveBack(Lease lease, MongoException reason) {
    try {
      tallies.release(lease);
    } catch (MongoException e) {
      reason.addSuppressed(e);
    }
  }

  private ClientSession snapshot() {
    return db.client().startSession(ClientSessionOptions.builder().snapshot(true).build());
  }
}
