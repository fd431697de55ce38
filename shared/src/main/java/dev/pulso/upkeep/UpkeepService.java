package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.set;

import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.counting.Recounter;
import dev.pulso.counting.Refresh;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndexBuild;
import dev.pulso.mongo.Indexes;
import dev.pulso.operations.OperationRun;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.types.ObjectId;

/**
 * Does the unfinished work. The database is the work queue: unfinished work is a query, so an
 * interrupted run loses nothing, and two concurrent runs do no harm.
 */
public final class UpkeepService {
  private static final int MOST_OPERATIONS = 100;

  /** Documents per page of a walk. */
  private static final int PAGE = 1_000;

  private final Db db;
  private final IndexBuild indexes;
  private final OpenCancels openCancels;
  private final LateReturns lateReturns;
  private final Refresh refresh;
  private final LeftOutboxes leftOutboxes;
  private final LostMarkers lostMarkers;
  private final OperationRun operations;
  private final Webhooks webhooks;

  public UpkeepService(
      Db db,
      Batches batches,
      IndexBuild indexes,
      CancellationMarkers markers,
      CancelCompletion completion,
      JobCanceller jobs,
      Recounter recounter,
      Refresh refresh,
      OperationRun operations,
      Webhooks webhooks) {
    this.db = db;
    this.webhooks = webhooks;
    this.indexes = indexes;
    this.operations = operations;
    this.openCancels = new OpenCancels(db, batches, completion);
    Pager pager = new Pager(db, PAGE);
    this.lateReturns = new LateReturns(db, pager, batches, completion, jobs, recounter);
    this.refresh = refresh;
    this.leftOutboxes = new LeftOutboxes(db, pager, batches, markers);
    this.lostMarkers = new LostMarkers(db, pager, markers);
  }

  /**
   * Runs all steps: indexes first, because the others need them; then cancels, because people wait
   * for them; counters last. Percentages are of the remaining time.
   *
   * @throws com.mongodb.MongoException when the server is unavailable or refuses the password
   */
  public UpkeepReport run(Deadline deadline) {
    long start = System.nanoTime();
    // Fails here, before any step, if the server is unavailable.
    Instant now = db.now();
    Steps steps = new Steps(deadline);
    Indexes.Made made =
        steps.run("indexes", 20, (time, each) -> indexes.advance(time), Indexes.Made.NOTHING);
    steps.run("outboxes", 20, leftOutboxes::deliver, 0);
    long restored =
        steps.run("fences", 20, (time, each) -> restoreMarkers(), 0L)
            + steps.run("lost fences", 20, (time, each) -> lostMarkers.restore(time), 0);
    int unfinished = steps.run("operations", 50, this::carryOn, 0);
    OpenCancels.Done cancels =
        steps.run("open cancels", 70, openCancels::finish, OpenCancels.Done.NOTHING);
    int swept =
        steps.run("late returns", 50, (time, each) -> lateReturns.sweep(now, time, each), 0);
    Optional<Refresh.Report> counted =
        steps.run("counters", 95, (time, each) -> refresh.run(time), Optional.empty());
    // Last: deliveries of what the others did are made as well.
    steps.run("events", 100, (time, each) -> webhooks.fanOut().run(time), 0);
    Duration oldestDelivery =
        steps.run(
            "deliveries", 100, (time, each) -> webhooks.delivery().oldestDue(), Duration.ZERO);
    return new UpkeepReport(
        restored,
        unfinished,
        cancels.finished(),
        cancels.open(),
        cancels.oldest(),
        swept,
        made.names(),
        made.refused(),
        counted.map(Refresh.Report::recounted).orElse(0),
        counted.map(Refresh.Report::uncounted).orElse(0),
        counted.filter(Refresh.Report::isRebuilt).isPresent() ? 1 : 0,
        oldestDelivery,
        steps.failed(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Carries on operations on many batches that no request finished, in turn, each with its share of
   * the time.
   *
   * @return how many there were
   */
  private int carryOn(Deadline deadline, Steps.Each each) {
    List<ObjectId> unfinished = operations.unfinished(MOST_OPERATIONS);
    int parts = unfinished.size();
    for (ObjectId id : unfinished) {
      if (deadline.passed()) {
        break;
      }
      Deadline part = deadline.orIn(deadline.remaining().dividedBy(parts--));
      each.isDone(
          () -> {
            operations.carryOn(id, part);
            return true;
          });
    }
    return unfinished.size();
  }

  /** Cancelled batches that another program made active become inactive again. */
  private long restoreMarkers() {
    return db.batches()
        .updateMany(
            and(
                eq(BatchFields.IS_ACTIVE, true),
                exists(BatchFields.CANCELLED_AT),
                CancellationMarkers.isSet()),
            set(BatchFields.IS_ACTIVE, false))
        .getModifiedCount();
  }
}
