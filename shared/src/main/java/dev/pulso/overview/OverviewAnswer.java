package dev.pulso.overview;

import dev.pulso.counting.RefreshProgress;
import java.time.Instant;

/**
 * An overview as read, and how current it is.
 *
 * @param progress progress of the refresh
 * @param midnight beginning of the answer's day (UTC)
 * @param isCancelOpen whether any cancel is in progress, of whatever account
 */
record OverviewAnswer(
    Overview overview, RefreshProgress progress, Instant midnight, boolean isCancelOpen) {
  /** Returns whether a refresh is due. */
  boolean isDue() {
    return progress.isDue(overview.readAt(), midnight);
  }

  /** Returns whether the last refresh is so old that upkeep evidently does not run. */
  boolean isSilent() {
    return progress.isSilent(overview.readAt());
  }

  /** Returns whether a refresh has counted this day. */
  boolean isOfToday() {
    return progress.day().equals(midnight);
  }
}
