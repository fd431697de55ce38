package dev.pulso.push;

import static dev.pulso.mongo.Expressions.literal;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Leases;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/**
 * The right to push for a gateway, which one process has at a time, and the versions of what it
 * pushes. Versions only grow, over all processes, even if the server's clock goes back: the lease
 * stores a bound that no version of its holder exceeds, and the next holder begins there. Used by
 * one thread.
 */
final class PushLease {
  private static final String NAME = "push";
  private static final String BOUND = "version_bound";
  private static final String HANDOVER = "handover";
  private static final Duration LENGTH = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  /** Ends before the stored lease does, by this process's own clock. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  private static final long VERSIONS_AHEAD = Duration.ofSeconds(10).toMillis();

  private final MongoCollection<Document> progress;
  private final String id;
  private final long token;
  private final Handover handover;
  private final Instant takenAt;
  private long version;
  private long bound;

  /** Read by the threads that send. */
  private volatile Deadline end;

  private Deadline renewal;

  private PushLease(
      MongoCollection<Document> progress, String id, Lease<Document> lease, Deadline end) {
    this.progress = progress;
    this.id = id;
    this.token = lease.token();
    this.takenAt = lease.takenAt();
    this.handover = Handover.of(lease.before().get(HANDOVER));
    this.version = Lenient.count(lease.before().get(BOUND));
    this.bound = version;
    this.end = end;
    this.renewal = Deadline.in(Duration.ZERO);
  }

  /**
   * Waits for the lease until the deadline, also while the server is away; empty if another process
   * has it then.
   *
   * @throws MongoException when the server is away until the deadline
   */
  static Optional<PushLease> await(Db db, String gateway, Deadline deadline) {
    while (true) {
      try {
        Optional<PushLease> lease = take(db, gateway);
        if (lease.isPresent() || deadline.passed() || Thread.currentThread().isInterrupted()) {
          return lease;
        }
      } catch (MongoException e) {
        if (!ServerErrors.isTimeout(e) || deadline.passed()) {
          throw e;
        }
      }
      LockSupport.parkNanos(Pusher.TICK.toNanos());
    }
  }

  /** Takes the lease; empty while another process has it. */
  static Optional<PushLease> take(Db db, String gateway) {
    String id = (NAME + " " + gateway).strip();
    Deadline end = Deadline.in(LENGTH.minus(MARGIN));
    Document always = literal(true);
    return Leases.take(db.progress(), id, LENGTH.toMillis(), always, PATIENCE)
        .map(lease -> new PushLease(db.progress(), id, lease, end));
  }

  /** Returns when it was taken, by the server's clock. */
  Instant takenAt() {
    return takenAt;
  }

  /** Returns what the holder before told whom; nothing if it died. */
  Handover handover() {
    return handover;
  }

  /** Returns whether this process may still send. */
  boolean isHeld() {
    return !end.passed();
  }

  /**
   * Returns the version of states that were read since that moment, and not before.
   *
   * @param readAt by the server's clock
   * @throws LostLeaseException when another process has the lease
   */
  long next(Instant readAt) {
    version = Math.max(version + 1, readAt.toEpochMilli());
    if (renewal.passed() || version > bound) {
      renew();
    }
    return version;
  }

  private void renew() {
    Deadline until = Deadline.in(LENGTH.minus(MARGIN));
    bound = version + VERSIONS_AHEAD;
    Document fields = new Document(Leases.UNTIL, Db.later(LENGTH)).append(BOUND, bound);
    boolean isOurs =
        progress
                .updateOne(
                    new Document("_id", id).append(Leases.TOKEN, token),
                    List.of(new Document("$set", fields), new Document("$unset", HANDOVER)))
                .getMatchedCount()
            > 0;
    if (!isOurs) {
      throw new LostLeaseException();
    }
    renewal = Deadline.in(RENEWAL);
    end = until;
  }

  /** Gives the lease back and leaves what was told whom, both or neither. */
  void release(Handover left) {
    progress.updateOne(
        new Document("_id", id).append(Leases.TOKEN, token),
        List.of(
            new Document("$set", new Document(HANDOVER, literal(left.document()))),
            new Document("$unset", Leases.UNTIL)));
  }
}
