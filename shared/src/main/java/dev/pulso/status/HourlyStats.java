package dev.pulso.status;

import java.time.Instant;

/**
 * The calls that ended within one hour.
 *
 * @param hour start of the hour (UTC)
 * @param calls number of calls that ended
 * @param successful number of successful ones
 */
public record HourlyStats(Instant hour, long calls, long successful) {}
