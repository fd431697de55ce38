package dev.pulso.overview;

import dev.pulso.time.Deadline;
import java.time.Duration;

/**
 * Keeps overviews for a while, each for those who see the same. Safe for use by several threads.
 */
public interface OverviewCache {
  /** How much longer one is kept, to be served while a newer one can't be had. */
  Duration KEPT_STALE = Duration.ofMinutes(5);

  /** After a failure it is that long before somebody tries again, while there is a stale one. */
  Duration RETRY = Duration.ofSeconds(2);

  /**
   * The overview of a view: one that is kept and current, or a new one. Of many who want it at once
   * one computes it, and the others wait for that.
   *
   * @param deadline by which to answer
   * @param source makes a new one; what it throws is thrown on when not even a stale one is there
   */
  Served get(View view, Deadline deadline, OverviewSource source);
}
