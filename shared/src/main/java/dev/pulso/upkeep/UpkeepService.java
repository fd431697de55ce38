package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.ne;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.MongoException;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Batches;
import dev.pulso.cancel.CancelCompletion;
import dev.pulso.cancel.JobCanceller;
import dev.pulso.catchup.CatchUp;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Indexes;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Does what is left to do. The database is the work queue: unfinished work is a query, so a run
 * that is cut off loses nothing, and two at once do no harm.
 */
public final class UpkeepService {
  private final Db db;
  private final Batches batches;
  private final Indexes indexes;
  private final CancelCompletion completion;
  private final JobCanceller jobs;
  private final Recounter recounter;
  private final CatchUp catchUp;
  private final LateReturns lateReturns;

  public UpkeepService(
      Db db,
      Batches batches,
      Indexes indexes,
      CancelCompletion completion,
      JobCanceller jobs,
      Recounter recounter,
      CatchUp catchUp) {
    this.db = db;
    this.batches = batches;
    this.indexes = indexes;
    this.completion = completion;
    this.jobs = jobs;
    this.recounter = recounter;
    this.catchUp = catchUp;
    this.lateReturns = new LateReturns(db, batches);
  }

  /**
   * One run: cancels first, because people wait for them, counters last.
   *
   * @param deadline for the work as such
   * @param forIndexes what building a missing index may take
   */
  public UpkeepReport run(Deadline deadline, Duration forIndexes) {
    long start = System.nanoTime();
    long restored = restoreFences();
    OpenCancels open = OpenCancels.read(db);
    int finished = finish(open.ids(), deadline);
    int swept = sweep(deadline);
    List<String> made = indexes.makeMissing(forIndexes);
    Optional<CatchUp.Report> counted = catchUp.run(deadline);
    return new UpkeepReport(
        restored,
        finished,
        open.ids().size() - finished,
        open.oldest(),
        swept,
        made,
        counted.map(CatchUp.Report::recounted).orElse(0),
        counted.map(CatchUp.Report::uncounted).orElse(0),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** A cancelled batch can't be active, whoever says so. */
  private long restoreFences() {
    return db.batches()
        .updateMany(
            and(eq(BatchFields.IS_ACTIVE, true), ne(BatchFields.CANCELLED_AT, null)),
            set(BatchFields.IS_ACTIVE, false))
        .getModifiedCount();
  }

  /** Each gets an equal part of the time that is left, so that a large one can't starve others. */
  private int finish(List<Object> open, Deadline deadline) {
    int finished = 0;
    int left = open.size();
    for (Object id : open) {
      Deadline part = deadline.orIn(deadline.remaining().dividedBy(left--));
      finished += isFinished(id, part) ? 1 : 0;
    }
    return finished;
  }

  private boolean isFinished(Object id, Deadline deadline) {
    Optional<Batch> batch = batches.find(id);
    return batch.isEmpty()
        || unlessHeld(
            () -> completion.complete(batch.get(), batch.get().cancellationReason(), deadline));
  }

  private int sweep(Deadline deadline) {
    int swept = 0;
    for (LateReturns.Late late : lateReturns.find()) {
      if (jobs.cancelWaiting(late.batchId(), late.reason(), 0, deadline)) {
        JobGroup group = JobGroup.of(late.batchId());
        unlessHeld(() -> recounter.recountSince(group, db.now(), deadline).isPresent());
        swept++;
      }
    }
    return swept;
  }

  /** A transaction of somebody who died may hold a batch, for a minute: others must not wait. */
  private static boolean unlessHeld(BooleanSupplier work) {
    try {
      return work.getAsBoolean();
    } catch (MongoException e) {
      if (!ServerErrors.isTimeout(e)) {
        throw e;
      }
      return false;
    }
  }
}
