package dev.pulso.status;

import dev.pulso.batch.BatchState;
import dev.pulso.batch.Counters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The summary of a batch.
 *
 * @param counters its counters, exact at the time of the call
 * @param priority 1 normal, 2 high, 3 urgent
 * @param createdAt when it was uploaded (UTC)
 * @param startedAt when it was started (UTC)
 * @param completedAt when it was finished or cancelled (UTC)
 * @param hours the last 24 hours in which calls ended, newest first
 */
public record BatchSummary(
    String batchId,
    Optional<String> name,
    Optional<String> accountId,
    BatchState state,
    Counters counters,
    long priority,
    Optional<Instant> createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> completedAt,
    List<HourlyStats> hours) {}
