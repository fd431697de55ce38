package dev.pulso.bench.workers;

import java.util.List;
import java.util.Map;

/**
 * What a race came to.
 *
 * @param uploaded jobs that uploaders added
 * @param byStatus jobs by status in the end
 * @param cancels batches that were cancelled
 * @param claims how often workers claimed a job
 * @param lateClaims claims that landed behind a fence, by workers that had looked before it
 * @param lateReturns jobs that waited in cancelled batches when the workers went home, and were
 *     gone two upkeep runs later
 * @param breaches what did not hold
 */
public record Standings(
    long uploaded,
    Map<String, Long> byStatus,
    int cancels,
    long claims,
    long lateClaims,
    long lateReturns,
    List<String> breaches) {}
