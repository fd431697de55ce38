package dev.pulso.overview;

import java.time.Instant;

/**
 * An overview as it is answered.
 *
 * @param body the JSON
 * @param tag names its state, whenever the figures were taken
 * @param isComplete false while jobs are still being counted for the first time: then it is not
 *     kept, because it is wrong the next moment
 * @param readAt when its figures were read: it shows what Pulso changed before (UTC, the server's
 *     clock)
 */
public record Page(String body, String tag, boolean isComplete, Instant readAt) {}
