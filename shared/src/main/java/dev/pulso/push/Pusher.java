package dev.pulso.push;

import com.mongodb.MongoException;
import dev.pulso.access.AccessRules;
import dev.pulso.batch.Batch;
import dev.pulso.batch.Batches;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.WatchedPage;
import dev.pulso.list.BatchList;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.LostLeaseException;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import dev.pulso.overview.OverviewService;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells connected clients what changed. One process at a time does, for its minute; it looks at the
 * stored state again and again, whoever changed it, and keeps the counters of what is watched fresh
 * as polls would. So nothing has to be queued, and nothing can be lost: what could not be sent is
 * still different from what a client was told last.
 */
public final class Pusher {
  /** From one tick to the next. */
  static final Duration TICK = Duration.ofMillis(400);

  /** A connection on which nothing happens for ten minutes is ended by the gateway. */
  private static final Duration SILENCE = Duration.ofMinutes(4);

  private static final Duration COUNTING = Duration.ofSeconds(2);

  private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";
  private static final String TOKEN_ENDED =
      Message.error("UNAUTHENTICATED", "The token has ended. Connect with a new ticket.");
  private static final String DISPLACED =
      Message.error(
          "TOO_MANY_CONNECTIONS",
          "A user has at most %d connections. The oldest one ends."
              .formatted(Connections.MOST_OF_A_USER));

  private final Db db;
  private final Batches batches;
  private final AccessRules access;
  private final Recounter recounter;
  private final OverviewService overviews;
  private final BatchList list;

  public Pusher(
      Db db,
      Batches batches,
      AccessRules access,
      Recounter recounter,
      OverviewService overviews,
      BatchList list) {
    this.db = db;
    this.batches = batches;
    this.access = access;
    this.recounter = recounter;
    this.overviews = overviews;
    this.list = list;
  }

  /**
   * Pushes until the deadline, or until another process took over. Waits while another one pushes,
   * or while the server is away.
   *
   * @throws MongoException when the server is away until the deadline, or refuses the password
   */
  public PushReport run(Outbound outbound, Deadline deadline) {
    long start = System.nanoTime();
    Optional<PushLease> lease = PushLease.await(db, outbound.gateway(), deadline);
    if (lease.isEmpty()) {
      return new PushReport(0, 0, 0, 0, Duration.ZERO, 0, Duration.ZERO);
    }
    try (Run run = new Run(lease.get(), outbound)) {
      return run.until(deadline, start);
    }
  }

  /** One run, from the lease to the handover. */
  private final class Run implements AutoCloseable {
    private final PushLease lease;
    private final Audience audience;
    private final BatchFeed batchFeed = new BatchFeed(batches);
    private final WatchedPage watched =
        new WatchedPage(recounter, one -> one.isActive() || one.counters().open() > 0);
    private final ExecutorService aside = Executors.newVirtualThreadPerTaskExecutor();
    private final Observation seen = Observation.current();
    private final ViewFeed viewFeed;
    private final Sender sender;
    private Future<?> counting = CompletableFuture.completedFuture(null);
    private Future<?> viewing = CompletableFuture.completedFuture(null);
    private long longestNanos;
    private boolean isLoaded;
    private int failures;
    private int most;

    Run(PushLease lease, Outbound outbound) {
      this.lease = lease;
      this.audience = new Audience(new Connections(db, outbound.gateway()), access);
      this.sender = new Sender(outbound, lease);
      Instant since = lease.handover().listsSince().orElse(lease.takenAt());
      this.viewFeed = new ViewFeed(overviews, list, new ChangedRows(db, batches, since), since);
    }

    PushReport until(Deadline deadline, long start) {
      while (!deadline.passed() && !Thread.currentThread().isInterrupted()) {
        Deadline next = Deadline.in(TICK);
        long began = System.nanoTime();
        try {
          tick();
          longestNanos = Math.max(longestNanos, System.nanoTime() - began);
        } catch (LostLeaseException e) {
          Log.info("push_taken_over", json -> json.number("connections", most));
          return report(start);
        } catch (MongoException e) {
          if (!Thread.currentThread().isInterrupted()) {
            fail(e);
          }
        }
        LockSupport.parkNanos(next.remaining().toNanos());
      }
      sender.close();
      if (!Thread.currentThread().isInterrupted()) {
        // Who had no time to tell anybody anything leaves what was told before.
        lease.release(isLoaded ? told() : lease.handover());
      }
      return report(start);
    }

    private void tick() {
      Instant now = db.now();
      long version = lease.next(now);
      if (!isLoaded) {
        load();
      }
      audience.remove(sender.gone());
      audience.refresh();
      most = Math.max(most, audience.all().size());
      for (Listener each : audience.all()) {
        if (!each.isAuthorized(now)) {
          sender.dismiss(each, TOKEN_ENDED);
        } else if (each.isDisplaced()) {
          sender.dismiss(each, DISPLACED);
        } else if (each.silentNanos() > SILENCE.toNanos()) {
          sender.ping(each, HEARTBEAT);
        }
      }
      List<Batch> read = batchFeed.read(audience);
      batchFeed.tell(audience, read, version, sender);
      counting = again(counting, () -> watched.recountEach(read, Deadline.in(COUNTING)));
      viewing = again(viewing, () -> viewFeed.tick(audience, now, version, sender));
    }

    /** The connections of a process that died may have died with it: a message finds out. */
    private void load() {
      List<Listener> known = audience.load(lease.handover());
      isLoaded = true;
      if (lease.handover().listsSince().isEmpty()) {
        known.forEach(each -> sender.ping(each, HEARTBEAT));
      }
    }

    /** Runs work beside the next ticks, once it is done from the last time. */
    private Future<?> again(Future<?> last, Runnable work) {
      if (last.state() == Future.State.RUNNING) {
        return last;
      }
      if (last.state() == Future.State.FAILED) {
        fail(last.exceptionNow());
      }
      return aside.submit(
          () ->
              seen.during(
                  () -> {
                    work.run();
                    return null;
                  }));
    }

    private void fail(Throwable failure) {
      if (failure instanceof MongoException e && ServerErrors.isUnauthenticated(e)) {
        throw e;
      }
      if (failures++ == 0) { // The others are probably the same.
        Log.failure("push", Optional.empty(), "PUSH_FAILED", failure);
      }
    }

    private Handover told() {
      Map<String, Sent> told = new HashMap<>();
      List<Listener> behind = new ArrayList<>();
      for (Listener each : audience.all()) {
        each.handOverSilence(told);
        if (!viewFeed.hasRows(each) || !each.handOver(told)) {
          behind.add(each);
        }
      }
      audience.leaveAsNews(behind);
      return new Handover(told, Optional.of(viewFeed.listsSince()));
    }

    private PushReport report(long start) {
      return new PushReport(
          most,
          sender.delivered(),
          sender.refused(),
          sender.dropped(),
          Duration.ofNanos(longestNanos),
          failures,
          Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public void close() {
      sender.close();
      aside.close();
    }
  }
}
