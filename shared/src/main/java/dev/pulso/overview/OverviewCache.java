package dev.pulso.overview;

import dev.pulso.time.Deadline;
import java.time.Duration;

/** Caches overviews by view. Safe for use by several threads. */
public interface OverviewCache {
  /** How long an expired overview may still be served, if no newer one can be computed. */
  Duration KEPT_STALE = Duration.ofMinutes(5);

  /** Time between attempts after a failure, while a stale overview is available. */
  Duration RETRY = Duration.ofSeconds(2);

  /**
   * Returns a cached and current overview, or a new one. Of concurrent callers one computes it, and
   * the others wait (single-flight).
   *
   * @param source computes a new one; its exception is rethrown if there is not even a stale one
   */
  Served get(View view, Deadline deadline, OverviewSource source);
}
