package dev.pulso.overview;

import dev.pulso.catchup.CountingProgress;
import java.time.Instant;

/**
 * What the counters say.
 *
 * @param overview the figures
 * @param progress how far counting had come
 * @param midnight when the day of the answer began
 */
record OverviewAnswer(Overview overview, CountingProgress progress, Instant midnight) {
  /** Whether somebody has to look what changed since. */
  boolean isDue() {
    return progress.isDue(overview.readAt(), midnight);
  }

  /** Whether nobody has looked for so long that upkeep evidently does not run. */
  boolean isSilent() {
    return progress.isSilent(overview.readAt());
  }

  /** Whether what was counted of today is all of it. */
  boolean isOfToday() {
    return progress.day().equals(midnight);
  }
}
