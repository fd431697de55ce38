package dev.pulso.status;

import java.time.Instant;

/**
 * The calls that ended within one hour.
 *
 * @param hour the hour's beginning (UTC)
 * @param calls how many calls ended
 * @param successful how many of them ended well
 */
public record HourlyStats(Instant hour, long calls, long successful) {}
