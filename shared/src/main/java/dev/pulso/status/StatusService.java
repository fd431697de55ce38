package dev.pulso.status;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.observe.Observation;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;
import java.time.Instant;

/**
 * Answers polls: the read of one document, unless the counters are due to be checked; then one of
 * the pollers does that, and all others are answered from what is there. So is everybody while a
 * transaction of somebody holds up the writes.
 */
public final class StatusService {
  private final Batches batches;
  private final Recounter recounter;

  public StatusService(Batches batches, Recounter recounter) {
    this.batches = batches;
    this.recounter = recounter;
  }

  /**
   * The status of a batch, counters at most five seconds old (older for a batch so large that
   * counting it that often would eat the database).
   *
   * @throws BatchNotFoundException when there is no such batch
   */
  public BatchStatus status(BatchAddress address, Deadline deadline) {
    Batch batch = batches.findPolled(address).orElseThrow(BatchNotFoundException::new);
    if (!batch.isDue() || batch.batchId().isEmpty()) {
      return shown(batch);
    }
    JobGroup group = JobGroup.of(batch.batchId().get());
    if (!batch.wasLookedAt()) {
      return shown(counted(batch, group, deadline));
    }
    boolean refreshed = recounter.recountIfDue(group, Recounter.POLLED_REST, deadline);
    return shown(refreshed ? reread(batch) : batch);
  }

  private static BatchStatus shown(Batch batch) {
    batch.staleness().ifPresent(Observation.current()::staleness);
    return BatchStatus.of(batch);
  }

  /** For the first poll: of many at once one counts, and all others wait for that. */
  private Batch counted(Batch uncounted, JobGroup group, Deadline deadline) {
    Instant recently = uncounted.readAt().minus(Recounter.POLLED_REST);
    recounter.recountSince(group, recently, deadline, IndependentWrites.PATIENCE);
    Batch batch = reread(uncounted);
    if (batch.wasLookedAt()) {
      return batch;
    }
    // The jobs were counted before the batch was there.
    recounter.recountSince(group, batch.readAt(), deadline, IndependentWrites.PATIENCE);
    return reread(batch);
  }

  private Batch reread(Batch batch) {
    return batches.findPolled(batch.id()).orElseThrow(BatchNotFoundException::new);
  }
}
