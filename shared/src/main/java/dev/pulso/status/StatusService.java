package dev.pulso.status;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.recount.JobGroup;
import dev.pulso.recount.Recounter;
import dev.pulso.time.Deadline;

/**
 * Answers polls: the read of one document, unless the counters are due to be checked; then one of
 * the pollers does that, and all others are answered from what is there.
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
      return BatchStatus.of(batch);
    }
    JobGroup group = JobGroup.of(batch.batchId().get());
    boolean refreshed =
        batch.wasLookedAt()
            ? recounter.recountIfDue(group, Recounter.POLLED_REST, deadline)
            : recounter.recountSince(group, batch.readAt(), deadline);
    return BatchStatus.of(refreshed ? reread(batch) : batch);
  }

  private Batch reread(Batch batch) {
    return batches.findPolled(batch.id()).orElseThrow(BatchNotFoundException::new);
  }
}
