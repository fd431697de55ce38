package dev.pulso.status;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counters;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.status.BatchSummary.State;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Summarizes a batch, with counters that are exact at the time of the call. */
public final class SummaryService {
  private final Batches batches;
  private final Recounter recounter;
  private final EndedCalls endedCalls;

  public SummaryService(Db db, Batches batches, Recounter recounter) {
    this.batches = batches;
    this.recounter = recounter;
    this.endedCalls = new EndedCalls(db);
  }

  /**
   * Returns the summary of a batch.
   *
   * @param visible accounts that the caller may read
   * @throws BatchNotFoundException when no visible batch has this address
   * @throws TimedOutException when the recount does not finish by the deadline
   */
  public BatchSummary summary(Accounts visible, BatchAddress address, Deadline deadline) {
    Batch batch = batches.find(visible, address).orElseThrow(BatchNotFoundException::new);
    Optional<String> batchId = batch.batchId();
    if (batchId.isEmpty()) {
      return summary(batch, List.of());
    }
    Batch counted = counted(visible, batch, JobGroup.of(batchId.get()), deadline);
    return summary(counted, endedCalls.byHour(batchId.get(), deadline.remaining()));
  }

  private Batch counted(Accounts visible, Batch batch, JobGroup group, Deadline deadline) {
    Batch counted = batch;
    while (true) {
      OptionalLong token = recounter.recountSince(group, counted.readAt(), deadline);
      if (token.isEmpty()) {
        throw new TimedOutException();
      }
      counted = batches.find(visible, batch.id()).orElseThrow(BatchNotFoundException::new);
      // Otherwise a crash of the server undid the write of the figures, or the batch is locked.
      if (counted.hasCountersOf(token.getAsLong())) {
        return counted;
      }
    }
  }

  private static BatchSummary summary(Batch batch, List<HourlyStats> hours) {
    return new BatchSummary(
        batch.name(),
        batch.text(BatchFields.NAME),
        batch.accountId(),
        state(batch),
        batch.counters(),
        batch.priority(),
        batch.time(BatchFields.CREATED_AT),
        batch.time(BatchFields.STARTED_AT),
        batch.time(BatchFields.COMPLETED_AT),
        hours);
  }

  private static State state(Batch batch) {
    Counters counters = batch.counters();
    if (batch.isCancelled()) {
      return State.CANCELLED;
    }
    if (counters.open() == 0 && counters.total() > 0) {
      return State.COMPLETED;
    }
    return batch.isActive() ? State.ACTIVE : State.PAUSED;
  }
}
