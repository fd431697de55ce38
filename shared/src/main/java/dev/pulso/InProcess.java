package dev.pulso;

import dev.pulso.access.LocalRateLimiter;
import dev.pulso.access.RateLimiter;
import dev.pulso.config.Settings;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.OverviewCache;
import java.util.Optional;

/** What one process keeps for itself. */
final class InProcess implements Sharing {
  private final Optional<RateLimiter> pollLimiter;
  private final OverviewCache overviews;

  InProcess(Settings settings) {
    pollLimiter = settings.statusRateLimit().map(LocalRateLimiter::new);
    overviews = new LocalOverviewCache(settings.overviewCache());
  }

  @Override
  public Optional<RateLimiter> pollLimiter() {
    return pollLimiter;
  }

  @Override
  public OverviewCache overviews() {
    return overviews;
  }

  @Override
  public void warmUp() {
    // All of it is here already.
  }

  @Override
  public void close() {
    // Nothing of it is outside of this process.
  }
}
