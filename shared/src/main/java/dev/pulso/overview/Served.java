package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import dev.pulso.text.EntityTag;
import java.time.Duration;

/**
 * An overview, and its origin.
 *
 * @param use miss: computed for this request; hit: cached and current; stale: served because no
 *     newer one is available, or because the check failed
 * @param age time since its computation began
 */
public record Served(Page page, CacheUse use, Duration age) {
  private static final Duration LONGEST = Duration.ofSeconds(25);

  /** Returns an overview that was computed for this request. */
  public static Served computed(Page page, Duration took) {
    return new Served(page, CacheUse.MISS, took);
  }

  /**
   * Returns the entity tag. A stale overview has one of its own: after a 304 a browser keeps the
   * header fields that it has, so a {@code Warning} would outlast the outage.
   */
  public String tag() {
    return use == CacheUse.STALE ? EntityTag.ofAll(page.body()) : page.tag();
  }

  /**
   * Returns for how many seconds a client may reuse it: the remaining lifetime, but less than the
   * 30 s after which clients ask again. There is no {@code Age} header, because clients would
   * subtract the age again (RFC 9111, 4.2).
   *
   * @param fresh how long an overview is cached
   */
  public long maxAge(Duration fresh) {
    Duration left = fresh.minus(age);
    return page.isComplete() && use != CacheUse.STALE && left.isPositive()
        ? Math.min(left.toSeconds(), LONGEST.toSeconds())
        : 0;
  }
}
