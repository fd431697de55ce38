package dev.pulso.status;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.counting.CounterSnapshot;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Summarizes a batch, with counters that are exact at the time of the call. */
public final class SummaryService {
  /** How long another program's transaction may block the counter snapshot. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

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
   * @throws TimedOutException when the recount does not finish by the deadline, or is blocked
   */
  public BatchSummary summary(Accounts visible, BatchAddress address, Deadline deadline) {
    Batch batch = batches.find(visible, address).orElseThrow(BatchNotFoundException::new);
    Optional<String> batchId = batch.batchId();
    if (batchId.isEmpty()) {
      return new BatchSummary(Counted.of(batch), List.of());
    }
    Counted counted = counted(visible, batch, JobGroup.of(batchId.get()), deadline);
    return new BatchSummary(counted, endedCalls.byHour(batchId.get(), deadline.remaining()));
  }

  private Counted counted(Accounts visible, Batch batch, JobGroup group, Deadline deadline) {
    Deadline patient = deadline.orIn(PATIENCE);
    Batch now = batch;
    while (true) {
      Instant asOf = now.readAt();
      OptionalLong token =
          recounter.recountSince(group, asOf, deadline, IndependentWrites.UNHURRIED);
      if (token.isPresent()) {
        now = batches.find(visible, batch.id()).orElseThrow(BatchNotFoundException::new);
        if (now.hasCountersOf(token.getAsLong())) {
          return Counted.of(now);
        }
        // The batch is locked, or a crash of the server undid a write.
        Optional<CounterSnapshot> snapshot = recounter.snapshotSince(group, asOf);
        if (snapshot.isPresent()) {
          return new Counted(now, snapshot.get().countersOr(now.counters()));
        }
      } else if (patient.passed()) {
        throw new TimedOutException();
      }
    }
  }
}
