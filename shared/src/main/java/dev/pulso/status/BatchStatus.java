package dev.pulso.status;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import java.time.Instant;
import java.util.Optional;

/**
 * The status of a batch.
 *
 * @param isActive whether workers may claim its jobs
 * @param startedAt when it was started (UTC)
 * @param completedAt when it was finished or cancelled (UTC)
 */
public record BatchStatus(
    String batchId,
    boolean isActive,
    Counters counters,
    Optional<Instant> startedAt,
    Optional<Instant> completedAt) {

  static BatchStatus of(Counted counted) {
    Batch batch = counted.batch();
    return new BatchStatus(
        batch.name(),
        batch.isActive(),
        counted.counters(),
        batch.time(BatchFields.STARTED_AT),
        batch.time(BatchFields.COMPLETED_AT));
  }
}
