package dev.pulso.redis;

import dev.pulso.overview.OverviewCache;
import dev.pulso.overview.Page;
import dev.pulso.overview.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Overviews of all processes, and the leases for computing them. A process that finds a page
 * outdated drops it, and computes the next one unless another process does.
 */
final class SharedPages {
  /** Time after which another process also computes. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  private static final String FAILED = "failed";

  private static final String FIND =
      """
          local kept = redis.call('HMGET', KEYS[1], 'read', 'at', 'tag', 'body')
          local age, tag, body, read = -1, '', '', 0
          if kept[1] and tonumber(kept[1]) <= tonumber(ARGV[4]) then
            redis.call('DEL', KEYS[1])
          elseif kept[1] then
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            age, tag, body, read = math.max(0, now - tonumber(kept[2])), kept[3], kept[4], tonumber(kept[1])
            if age < tonumber(ARGV[1]) then
              return {'kept', age, tag, body, read}
            end
          end
          local holder = redis.call('GET', KEYS[2])
          if not holder then
            redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
            return {'yours', age, tag, body, read}
          end
          return {holder == 'failed' and 'failed' or 'theirs', age, tag, body, read}
          """;

  private static final String KEEP =
      """
          local there = redis.call('HGET', KEYS[1], 'read')
          if not there or tonumber(there) < tonumber(ARGV[4]) then
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
            redis.call('HSET', KEYS[1], 'read', ARGV[4], 'at', string.format('%.0f', now - ARGV[2]),
              'tag', ARGV[5], 'body', ARGV[6])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
          end
          if redis.call('GET', KEYS[2]) == ARGV[1] then
            redis.call('DEL', KEYS[2])
          end
          return {}
          """;

  private static final String GIVE_UP =
      """
          if redis.call('GET', KEYS[1]) == ARGV[1] then
            if tonumber(ARGV[2]) > 0 then
              redis.call('SET', KEYS[1], 'failed', 'PX', ARGV[2])
            else
              redis.call('DEL', KEYS[1])
            end
          end
          return {}
          """;

  private final Redis redis;
  private final Keys keys;
  private final Duration fresh;

  SharedPages(Redis redis, Keys keys, Duration fresh) {
    this.redis = redis;
    this.keys = keys;
    this.fresh = fresh;
  }

  /** What to do for a view. */
  enum Turn {
    /** A fresh page exists. */
    KEPT,
    /**
     * This caller has to compute a page, and then call {@link #keep}, {@link #release} or {@link
     * #fail}.
     */
    YOURS,
    /** Another process is computing a page. */
    THEIRS,
    /** Another process has just failed to compute one. */
    FAILED
  }

  /**
   * The state of a view.
   *
   * @param page the last page that was not found outdated, of any age
   * @param age its age
   */
  record Found(Turn turn, Optional<Page> page, Duration age) {
    private static Found of(Reply reply) {
      long age = reply.number(1);
      return new Found(
          switch (reply.text(0)) {
            case "kept" -> Turn.KEPT;
            case "yours" -> Turn.YOURS;
            case "theirs" -> Turn.THEIRS;
            case FAILED -> Turn.FAILED;
            default -> throw new IllegalStateException(reply.text(0));
          },
          age < 0 ? Optional.empty() : Optional.of(page(reply)),
          Duration.ofMillis(Math.max(0, age)));
    }

    private static Page page(Reply reply) {
      return new Page(reply.text(3), reply.text(2), true, Instant.ofEpochMilli(reply.number(4)));
    }
  }

  /**
   * Finds the page of a view, and takes the lease to compute one if it is free.
   *
   * @param holder name of the caller in the lease
   * @param voidUntil the caller found pages that were read until then to be outdated
   * @return empty if the server is unavailable
   */
  Optional<Found> find(View view, String holder, Instant voidUntil) {
    return redis
        .run(
            FIND,
            List.of(keys.overview(view), keys.lease(view)),
            fresh.toMillis(),
            holder,
            LEASE.toMillis(),
            voidUntil.toEpochMilli())
        .map(Found::of);
  }

  /**
   * Stores a page, unless there is a later one.
   *
   * @param took time since its computation began
   */
  void keep(View view, String holder, Page page, Duration took) {
    redis.run(
        KEEP,
        List.of(keys.overview(view), keys.lease(view)),
        holder,
        took.toMillis(),
        fresh.plus(OverviewCache.KEPT_STALE).toMillis(),
        page.readAt().toEpochMilli(),
        page.tag(),
        page.body());
  }

  /** Releases the lease, so that another process can compute at once. */
  void release(View view, String holder) {
    giveUp(view, holder, Duration.ZERO);
  }

  /** Marks the computation as failed, so that others wait before they try. */
  void fail(View view, String holder) {
    giveUp(view, holder, OverviewCache.RETRY);
  }

  private void giveUp(View view, String holder, Duration pause) {
    redis.run(GIVE_UP, List.of(keys.lease(view)), holder, pause.toMillis());
  }
}
