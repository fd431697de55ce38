package dev.pulso.overview;

import java.time.Instant;

/**
 * The response of an overview.
 *
 * @param body the JSON
 * @param tag entity tag of the figures, without the timestamp
 * @param isComplete false while jobs are counted for the first time; then it is not cached
 * @param readAt when the figures were read (UTC, the server's clock); they contain all earlier
 *     changes by Pulso
 */
public record Page(String body, String tag, boolean isComplete, Instant readAt) {}
