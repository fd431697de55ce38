package dev.pulso.redis;

import dev.pulso.Sharing;
import dev.pulso.access.RateLimiter;
import dev.pulso.config.ConnectionSecret;
import dev.pulso.config.Settings;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.OverviewCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shares rate limits and overviews through a Redis or Valkey server. Connects on first use. */
public final class RedisSharing implements Sharing {
  /** How long a request waits for the server, once, before it goes on without. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private static final String NOTHING = "return {}";

  private final Redis redis;
  private final Optional<RateLimiter> pollLimiter;
  private final OverviewCache overviews;

  private RedisSharing(Settings settings, Redis redis) {
    Keys keys = new Keys(settings);
    LocalOverviewCache local = new LocalOverviewCache(settings.overviewCache());
    this.redis = redis;
    this.pollLimiter =
        settings.statusRateLimit().map(limit -> new RedisRateLimiter(limit, redis, keys));
    this.overviews =
        settings.overviewCache().isZero()
            ? local
            : new RedisOverviewCache(new SharedPages(redis, keys, settings.overviewCache()), local);
  }

  /** Opens the server in the settings. If they name none, it is never available. */
  public static RedisSharing open(Settings settings) {
    return open(settings, PATIENCE);
  }

  /** Does the same with another time limit. */
  public static RedisSharing open(Settings settings, Duration patience) {
    return open(settings, patience, System.getenv());
  }

  /**
   * Does the same with other environment variables, which say where the secrets extension answers.
   */
  public static RedisSharing open(
      Settings settings, Duration patience, Map<String, String> environment) {
    return new RedisSharing(
        settings, new Redis(() -> ConnectionSecret.readRedis(settings, environment), patience));
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
    redis.run(NOTHING, List.of());
  }

  @Override
  public void close() {
    redis.close();
  }
}
