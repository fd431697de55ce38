package dev.pulso.status;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answers polls by reading one document. If the counters are due, one of the pollers recounts, and
 * the others receive the stored counters. Everyone does while another program's transaction blocks
 * the writes.
 */
public final class StatusService {
  /** The patience of each try of a batch's first poll. */
  private static final List<Duration> FIRST_POLL =
      List.of(IndependentWrites.PATIENCE, IndependentWrites.PATIENCE, Recounter.MOST_PATIENT);

  private final Batches batches;
  private final Recounter recounter;

  public StatusService(Batches batches, Recounter recounter) {
    this.batches = batches;
    this.recounter = recounter;
  }

  /**
   * Returns the status of a batch. Its counters are at most five seconds old, or older for a batch
   * so large that the duty cycle limits its recounts.
   *
   * @param visible accounts that the caller may read
   * @throws BatchNotFoundException when no visible batch has this address
   */
  public BatchStatus status(Accounts visible, BatchAddress address, Deadline deadline) {
    Batch batch = batches.findPolled(visible, address).orElseThrow(BatchNotFoundException::new);
    if (!batch.isDue() || batch.batchId().isEmpty()) {
      return shown(batch);
    }
    JobGroup group = JobGroup.of(batch.batchId().get());
    if (!batch.wasRecounted()) {
      return counted(visible, batch, group, deadline);
    }
    boolean refreshed =
        recounter.recountIfDue(
            group, Recounter.MINIMUM_INTERVAL, deadline, IndependentWrites.PATIENCE);
    return shown(refreshed ? reread(visible, batch) : batch);
  }

  private static BatchStatus shown(Batch batch) {
    batch.staleness().ifPresent(Observation.current()::staleness);
    return BatchStatus.of(batch, batch.counters());
  }

  /**
   * Handles the first poll of a batch: one caller counts, and the others wait for it. If another
   * program locks the batch, only the counter snapshot has the counters; a crash may remove both,
   * once. There is nothing older to show, so the last try waits for slow writes.
   */
  private BatchStatus counted(Accounts visible, Batch batch, JobGroup group, Deadline deadline) {
    Instant asOf = batch.readAt().minus(Recounter.MINIMUM_INTERVAL);
    for (Duration patience : FIRST_POLL) {
      recounter.recountSince(group, asOf, deadline, patience);
      Optional<BatchStatus> status = stored(visible, batch, group);
      if (status.isPresent()) {
        return status.get();
      }
      asOf = batch.readAt();
    }
    return shown(reread(visible, batch));
  }

  private Optional<BatchStatus> stored(Accounts visible, Batch batch, JobGroup group) {
    Batch now = reread(visible, batch);
    return now.wasRecounted()
        ? Optional.of(shown(now))
        : recounter.counters(group).map(counters -> BatchStatus.of(now, counters));
  }

  private Batch reread(Accounts visible, Batch batch) {
    return batches.findPolled(visible, batch.id()).orElseThrow(BatchNotFoundException::new);
  }
}
