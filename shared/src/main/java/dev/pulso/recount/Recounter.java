package dev.pulso.recount;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/**
 * Counts a group's jobs and stores what it found: one recount of a group at a time over all
 * processes, never older figures over newer ones.
 */
public final class Recounter {
  /** Counters that people watch are at most five seconds old; a recount itself takes some time. */
  public static final Duration POLLED_REST = Duration.ofSeconds(4);

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);
  private static final Duration LONGEST_LEASE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(15);

  /** Clocks of those who stamp jobs are up to a minute off, and a stamp is older than its write. */
  private static final Duration STAMPS_MAY_BE_OFF = Duration.ofSeconds(90);

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
   * @return what it took; empty when nothing was done
   */
  public Optional<Duration> recountIfDue(JobGroup group, Duration rest, Deadline deadline) {
    return tallies
        .lease(group, leaseLength(deadline), Optional.of(rest))
        .map(lease -> recount(lease, false, deadline));
  }

  /**
   * Figures of a moment that is not before {@code asOf}: counted here, or by whoever holds the
   * lease.
   *
   * @param asOf a moment by the clock of the database
   * @return whether such figures are stored now; false when the deadline passed first
   */
  public boolean recountSince(JobGroup group, Instant asOf, Deadline deadline) {
    while (true) {
      Optional<Lease> lease = tallies.lease(group, leaseLength(deadline), Optional.empty());
      if (lease.isPresent()) {
        recount(lease.get(), true, deadline);
        return true;
      }
      if (waitForOther(group, asOf, deadline)) {
        return true;
      }
      if (deadline.passed()) {
        return false;
      }
    }
  }

  /** Waits until whoever holds the lease is done, and says whether that was late enough. */
  private boolean waitForOther(JobGroup group, Instant asOf, Deadline deadline) {
    while (!deadline.passed()) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      TallyStore.State state = tallies.state(group);
      if (!state.isLeased()) {
        return !state.figuresAt().isBefore(asOf);
      }
    }
    return false;
  }

  private static Duration leaseLength(Deadline deadline) {
    Duration wanted = deadline.remaining().plusSeconds(1);
    Duration bounded = wanted.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : wanted;
    return bounded.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : bounded;
  }

  private Duration recount(Lease lease, boolean exact, Deadline deadline) {
    long start = System.nanoTime();
    try (ClientSession snapshot = snapshot()) {
      count(snapshot, lease, exact, deadline);
      return Duration.ofNanos(System.nanoTime() - start);
    } catch (MongoException e) {
      indexes.forget();
      giveBack(lease, e);
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

  /**
   * @param exact whether sums are made anew whatever they cost
   */
  private void count(ClientSession snapshot, Lease lease, boolean exact, Deadline deadline) {
    Tally before = lease.before();
    JobGroup group = before.group();
    Instant midnight = midnight(lease.takenAt());
    long start = System.nanoTime();
    JobCounts counted = counter.count(snapshot, before, midnight, deadline.remaining());
    Duration cost = Duration.ofNanos(System.nanoTime() - start);
    Duration untilDue = longer(POLLED_REST, CountingShare.afterCounting(cost));
    if (counted.counts().total() == 0) {
      group.batchId().ifPresent(id -> batchFigures.nothingToCount(lease, untilDue));
      tallies.remove(lease);
      return;
    }
    Document tally = TallyDocument.counted(lease, counted, midnight, cost);
    Sums sums = before.sums();
    boolean behind = before.sumsBehind() || isChanged(before, counted);
    if (group.hasSums() && (exact || (behind && maySum(before, lease.takenAt())))) {
      start = System.nanoTime();
      sums = summer.sum(snapshot, group, deadline.remaining());
      TallyDocument.summed(
          tally, sums, lease.takenAt(), Duration.ofNanos(System.nanoTime() - start));
    } else {
      tally.append(TallyFields.SUMS_BEHIND, behind);
    }
    if (group.batchId().isPresent()) {
      batchFigures.store(lease, counted.counts(), sums, untilDue);
    }
    tallies.store(lease, tally);
  }

  private ClientSession snapshot() {
    return db.client().startSession(ClientSessionOptions.builder().snapshot(true).build());
  }

  private Instant midnight(Instant now) {
    return now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  private static boolean isChanged(Tally before, JobCounts counted) {
    return before.takenAt().isEmpty()
        || !before.fingerprint().equals(TallyDocument.accounts(counted))
        || !counted.latestStamp().plus(STAMPS_MAY_BE_OFF).isBefore(before.sumsAt());
  }

  private static boolean maySum(Tally before, Instant now) {
    return !before.sumsAt().plus(CountingShare.afterSumming(before.sumsCost())).isAfter(now);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
