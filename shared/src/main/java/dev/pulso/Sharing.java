package dev.pulso;

import dev.pulso.access.LocalRateLimiter;
import dev.pulso.access.RateLimiter;
import dev.pulso.config.Settings;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.OverviewCache;
import java.util.Optional;

/**
 * What the processes of a deployment share besides the database: rate limits and a cache. Losing it
 * does no harm. Safe for use by several threads.
 */
public interface Sharing extends AutoCloseable {

  /** Returns limits and a cache of this process alone. */
  static Sharing inProcess(Settings settings) {
    return new InProcess(
        settings.statusRateLimit().map(LocalRateLimiter::new),
        new LocalOverviewCache(settings.overviewCache()));
  }

  record InProcess(Optional<RateLimiter> pollLimiter, OverviewCache overviews) implements Sharing {}

  /** Returns the rate limiter of polls; empty without a limit. */
  Optional<RateLimiter> pollLimiter();

  /** Returns the cache of overviews. */
  OverviewCache overviews();

  /** Connects ahead of the first use. Never fails. */
  default void warmUp() {}

  @Override
  default void close() {}
}
