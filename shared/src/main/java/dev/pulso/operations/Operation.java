package dev.pulso.operations;

import java.time.Instant;
import java.util.Optional;

/**
 * How far an operation is.
 *
 * @param reason of a cancel
 * @param createdAt when it was stored (UTC)
 * @param batches how many it changes
 * @param done how many have their entry in the audit log
 * @param unchanged how many of the selected it left as they were
 * @param jobsCancelled how many jobs its cancels cancelled so far
 * @param finishedAt when every entry was in the audit log and every cancel was closed (UTC)
 */
public record Operation(
    String id,
    String action,
    Optional<String> reason,
    Optional<String> actor,
    Instant createdAt,
    long batches,
    long done,
    long unchanged,
    long jobsCancelled,
    Optional<Instant> finishedAt) {}
