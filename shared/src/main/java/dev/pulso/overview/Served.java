package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import java.time.Duration;

/**
 * An overview, and where it came from.
 *
 * @param page the overview
 * @param use a miss: computed for this request; a hit: for another one, not long ago; stale: so
 *     long ago that it is served only because a newer one can't be had
 * @param age how long ago it was computed
 */
public record Served(Page page, CacheUse use, Duration age) {
  /** One that was computed for this request. */
  public static Served computed(Page page) {
    return new Served(page, CacheUse.MISS, Duration.ZERO);
  }
}
