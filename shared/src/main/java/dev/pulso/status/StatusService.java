package dev.pulso.status;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchNotFoundException;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.counting.JobGroup;
import dev.pulso.counting.Recounter;
import dev.pulso.mongo.IndependentWrites;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.BsonDocument;

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
   * Returns a batch with the fields of {@link Batches#POLLED}.
   *
   * @param visible accounts that the caller may read
   * @throws BatchNotFoundException when no visible batch has this address
   */
  public Counted status(Accounts visible, BatchAddress address, Deadline deadline) {
    return polled(visible, address, Batches.POLLED, deadline);
  }

  /**
   * Returns a batch that is polled. Its counters are at most five seconds old, or older for a batch
   * so large that the duty cycle limits its recounts.
   *
   * @param visible accounts that the caller may read
   * @param fields the fields to read, at least {@link Batches#POLLED}
   * @throws BatchNotFoundException when no visible batch has this address
   */
  public Counted polled(
      Accounts visible, BatchAddress address, BsonDocument fields, Deadline deadline) {
    Batch batch = batches.find(visible, address, fields).orElseThrow(BatchNotFoundException::new);
    if (!batch.isDue() || batch.batchId().isEmpty()) {
      return shown(batch);
    }
    JobGroup group = JobGroup.of(batch.batchId().get());
    Supplier<Batch> again =
        () -> batches.find(visible, batch.id(), fields).orElseThrow(BatchNotFoundException::new);
    if (!batch.wasRecounted()) {
      return counted(again, batch.readAt(), group, deadline);
    }
    return shown(recounted(group, deadline) ? again.get() : batch);
  }

  /** A server may be too busy to count in time; stored counters can be shown even so. */
  private boolean recounted(JobGroup group, Deadline deadline) {
    return ServerErrors.inTime(
        () ->
            recounter.recountIfDue(
                group, Recounter.MINIMUM_INTERVAL, deadline, IndependentWrites.PATIENCE),
        false);
  }

  private static Counted shown(Batch batch) {
    batch.staleness().ifPresent(Observation.current()::staleness);
    return Counted.of(batch);
  }

  /**
   * Handles the first poll of a batch: one caller counts, and the others wait for it. If another
   * program locks the batch, only the counter snapshot has the counters; a crash may remove both,
   * once. There is nothing older to show, so the last try waits for slow writes.
   */
  private Counted counted(
      Supplier<Batch> batch, Instant readAt, JobGroup group, Deadline deadline) {
    Instant asOf = readAt.minus(Recounter.MINIMUM_INTERVAL);
    for (Duration patience : FIRST_POLL) {
      recounter.recountSince(group, asOf, deadline, patience);
      Optional<Counted> stored = stored(batch.get(), group);
      if (stored.isPresent()) {
        return stored.get();
      }
      asOf = readAt;
    }
    return shown(batch.get());
  }

  private Optional<Counted> stored(Batch now, JobGroup group) {
    return now.wasRecounted()
        ? Optional.of(shown(now))
        : recounter.counters(group).map(counters -> new Counted(now, counters));
  }
}
