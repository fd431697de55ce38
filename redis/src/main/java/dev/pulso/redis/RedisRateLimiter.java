package dev.pulso.redis;

import dev.pulso.access.Admission;
import dev.pulso.access.Pace;
import dev.pulso.access.RateLimit;
import dev.pulso.access.RateLimiter;
import dev.pulso.observe.Observation;
import java.util.List;
import java.util.Optional;

/** Limits the polls of all processes, by the server's clock. */
final class RedisRateLimiter implements RateLimiter {
  /**
   * Implements {@link Pace}, in microseconds. A key stores until when the admitted polls are paid
   * for, and expires then. A value too far ahead was written before the clock was set back.
   */
  private static final String ADMIT =
      """
          local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
          local time = redis.call('TIME')
          local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
          local paid = tonumber(redis.call('GET', KEYS[1]) or '0')
          local ahead = math.min(math.max(0, paid - now), tolerance + interval)
          if ahead > tolerance then
            return {0, ahead}
          end
          ahead = ahead + interval
          redis.call('SET', KEYS[1], string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000))
          return {1, ahead}
          """;

  private static final int NANOS = 1_000;

  private final RateLimit limit;
  private final Pace pace;
  private final Redis redis;
  private final Keys keys;

  RedisRateLimiter(RateLimit limit, Redis redis, Keys keys) {
    this.limit = limit;
    this.pace = Pace.of(limit);
    this.redis = redis;
    this.keys = keys;
  }

  @Override
  public Optional<Admission> admit(String subject, String address) {
    Optional<Reply> reply =
        redis.run(
            ADMIT,
            List.of(keys.polls(subject, address)),
            pace.intervalNanos() / NANOS,
            pace.toleranceNanos() / NANOS);
    if (reply.isEmpty()) {
      Observation.current().limiterFailed();
    }
    return reply.map(r -> Admission.of(limit, r.number(0) == 1, r.number(1) * NANOS));
  }
}
