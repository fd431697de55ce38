package dev.pulso.redis;

import dev.pulso.overview.OverviewCache;
import dev.pulso.overview.Page;
import dev.pulso.overview.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Overviews that all processes see, and who computes one. A page is kept together with the moment
 * of the last change that its view showed then; another moment makes it void. So does a lease: who
 * computes since before a change computes for nobody else.
 */
final class SharedPages {
  /** Longer than a page lives, or one that is void would come to life again. */
  private static final Duration CHANGES_KEPT = Duration.ofHours(25);

  /** What a computation may take until somebody else computes, too. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  private static final String FAILED = "failed";

  private static final Script FIND =
      Script.of(
          """
          local changed = redis.call('GET', KEYS[2]) or ''
          local kept = redis.call('HMGET', KEYS[1], 'changed', 'at', 'tag', 'body')
          local age, tag, body = -1, '', ''
          if kept[1] == changed then
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            age, tag, body = math.max(0, now - tonumber(kept[2])), kept[3], kept[4]
            if age < tonumber(ARGV[1]) then
              return {'kept', changed, age, tag, body}
            end
          end
          local lease = redis.call('GET', KEYS[3]) or ''
          local since, holder = string.match(lease, '^(%d*):(.*)$')
          if since ~= changed then
            redis.call('SET', KEYS[3], changed .. ':' .. ARGV[2], 'PX', ARGV[3])
            return {'yours', changed, age, tag, body}
          end
          return {holder == 'failed' and 'failed' or 'theirs', changed, age, tag, body}
          """);

  private static final Script KEEP =
      Script.of(
          """
          if (redis.call('GET', KEYS[2]) or '') == ARGV[1] then
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            redis.call('HSET', KEYS[1], 'changed', ARGV[1], 'at', string.format('%.0f', now - ARGV[3]),
              'tag', ARGV[5], 'body', ARGV[6])
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
          end
          if redis.call('GET', KEYS[3]) == ARGV[1] .. ':' .. ARGV[2] then
            redis.call('DEL', KEYS[3])
          end
          return {}
          """);

  private static final Script GIVE_UP =
      Script.of(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] .. ':' .. ARGV[2] then
            if tonumber(ARGV[3]) > 0 then
              redis.call('SET', KEYS[1], ARGV[1] .. ':failed', 'PX', ARGV[3])
            else
              redis.call('DEL', KEYS[1])
            end
          end
          return {}
          """);

  private static final Script CHANGE =
      Script.of(
          """
          local time = redis.call('TIME')
          local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
          for _, key in ipairs(KEYS) do
            redis.call('SET', key, string.format('%.0f', now), 'PX', ARGV[1])
          end
          return {}
          """);

  private final Redis redis;
  private final Keys keys;
  private final Duration fresh;

  SharedPages(Redis redis, Keys keys, Duration fresh) {
    this.redis = redis;
    this.keys = keys;
    this.fresh = fresh;
  }

  /** What to do about a view. */
  enum Turn {
    /** A page is there, young enough. */
    KEPT,
    /** It is this caller who computes a new one, and has to {@link #keep} it or give up. */
    YOURS,
    /** Somebody computes one. */
    THEIRS,
    /** Somebody has just failed to. */
    FAILED
  }

  /**
   * What there is of a view.
   *
   * @param changed by which is told whether anything changes meanwhile
   * @param page the last page that still holds, however old
   * @param age how old it is
   */
  record Found(Turn turn, String changed, Optional<Page> page, Duration age) {
    private static Found of(Reply reply) {
      long age = reply.number(2);
      return new Found(
          switch (reply.text(0)) {
            case "kept" -> Turn.KEPT;
            case "yours" -> Turn.YOURS;
            case "theirs" -> Turn.THEIRS;
            case FAILED -> Turn.FAILED;
            default -> throw new IllegalStateException(reply.text(0));
          },
          reply.text(1),
          age < 0 ? Optional.empty() : Optional.of(new Page(reply.text(4), reply.text(3), true)),
          Duration.ofMillis(Math.max(0, age)));
    }
  }

  /**
   * Looks for the page of a view, and takes the turn to compute it where that is nobody's.
   *
   * @param holder who looks
   * @return empty when the server is away
   */
  Optional<Found> find(View view, String holder) {
    return redis
        .run(
            FIND,
            List.of(keys.overview(view), keys.changed(view), keys.lease(view)),
            fresh.toMillis(),
            holder,
            LEASE.toMillis())
        .map(Found::of);
  }

  /**
   * Keeps a page, unless something changed since it was begun.
   *
   * @param took how long ago it was begun
   */
  void keep(View view, String holder, Found found, Page page, Duration took) {
    redis.run(
        KEEP,
        List.of(keys.overview(view), keys.changed(view), keys.lease(view)),
        found.changed(),
        holder,
        took.toMillis(),
        fresh.plus(OverviewCache.KEPT_STALE).toMillis(),
        page.tag(),
        page.body());
  }

  /** Lets another one compute, at once. */
  void release(View view, String holder, Found found) {
    giveUp(view, holder, found, Duration.ZERO);
  }

  /** Lets another one compute, in a while: it has just failed. */
  void fail(View view, String holder, Found found) {
    giveUp(view, holder, found, OverviewCache.RETRY);
  }

  private void giveUp(View view, String holder, Found found, Duration pause) {
    redis.run(GIVE_UP, List.of(keys.lease(view)), found.changed(), holder, pause.toMillis());
  }

  /** Makes void what shows an account. */
  void change(Optional<String> accountId) {
    redis.run(CHANGE, keys.changed(accountId), CHANGES_KEPT.toMillis());
  }
}
