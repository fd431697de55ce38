package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import java.time.Duration;

/**
 * An overview, and where it came from.
 *
 * @param page the overview
 * @param use a miss: computed for this request; a hit: for another one, not long ago, and current;
 *     stale: served only because a newer one can't be had, or nobody can tell whether it is current
 * @param age how long ago it was computed
 */
public record Served(Page page, CacheUse use, Duration age) {
  private static final Duration LONGEST = Duration.ofSeconds(25);

  /** One that was computed for this request. */
  public static Served computed(Page page) {
    return new Served(page, CacheUse.MISS, Duration.ZERO);
  }

  /**
   * How many seconds a client may keep it: as long as it is still good, its age taken off, and less
   * than the 30 s after which clients ask again. A header {@code Age} beside it would be taken off
   * once more (RFC 9111, 4.2), so there is none.
   *
   * @param fresh how long an overview may be served again
   */
  public long maxAge(Duration fresh) {
    Duration left = fresh.minus(age);
    return page.isComplete() && use != CacheUse.STALE && left.isPositive()
        ? Math.min(left.toSeconds(), LONGEST.toSeconds())
        : 0;
  }
}
