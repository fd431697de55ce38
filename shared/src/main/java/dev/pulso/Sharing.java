package dev.pulso;

import dev.pulso.access.LocalRateLimiter;
import dev.pulso.access.RateLimiter;
import dev.pulso.config.Settings;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.OverviewCache;
import java.util.Optional;

/**
 * What the processes of a deployment have in common besides the database: limits and a cache, which
 * may be lost at any moment without harm. Safe for use by several threads.
 */
public interface Sharing extends AutoCloseable {

  /** Shared with nobody: each process has its own. */
  static Sharing inProcess(Settings settings) {
    return new InProcess(
        settings.statusRateLimit().map(LocalRateLimiter::new),
        new LocalOverviewCache(settings.overviewCache()));
  }

  /** What one process keeps for itself. */
  record InProcess(Optional<RateLimiter> pollLimiter, OverviewCache overviews) implements Sharing {}

  /** What counts polls; empty where there is no limit. */
  Optional<RateLimiter> pollLimiter();

  /** What keeps overviews for a while. */
  OverviewCache overviews();

  /** Loads what will be needed from outside of the process, and never fails. */
  default void warmUp() {}

  @Override
  default void close() {}
}
