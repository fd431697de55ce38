package dev.pulso.redis;

import dev.pulso.observe.Log;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.OverviewCache;
import dev.pulso.overview.OverviewSource;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import dev.pulso.redis.SharedPages.Found;
import dev.pulso.redis.SharedPages.Turn;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Caches overviews for all processes; one of them computes. Seen overviews are also kept in this
 * process, in case the server becomes unavailable.
 */
final class RedisOverviewCache implements OverviewCache {
  /** How long a process waits for another one's computation before it computes too. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

  private final SharedPages pages;
  private final LocalOverviewCache local;

  RedisOverviewCache(SharedPages pages, LocalOverviewCache local) {
    this.pages = pages;
    this.local = local;
  }

  @Override
  public Served get(View view, Deadline deadline, OverviewSource source) {
    String holder = UUID.randomUUID().toString();
    Deadline patience = deadline.orIn(PATIENCE);
    Instant voidUntil = Instant.EPOCH;
    while (true) {
      Optional<Found> there = await(view, holder, voidUntil, patience);
      if (there.isEmpty()) {
        return local.get(view, deadline, source);
      }
      Found found = there.get();
      // While the server was unavailable, this process may have computed a later one.
      Optional<Served> best = found.page().map(page -> local.put(view, page, found.age()));
      boolean isToBeServed = found.turn() == Turn.KEPT || found.turn() == Turn.FAILED;
      if (best.isEmpty() || !isToBeServed) {
        return computed(view, holder, source);
      }
      Optional<Served> served = source.checked(best.get());
      if (served.isPresent()) {
        return served.get();
      }
      Page page = best.get().page();
      local.drop(view, page);
      voidUntil = page.readAt();
    }
  }

  /** Polls until there is a page or this process has to compute one, or until the deadline. */
  private Optional<Found> await(View view, String holder, Instant voidUntil, Deadline deadline) {
    Duration pause = FIRST_PAUSE;
    Optional<Found> found = pages.find(view, holder, voidUntil);
    while (found.filter(f -> f.turn() == Turn.THEIRS).isPresent()
        && !deadline.passed()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pause.toNanos());
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      found = pages.find(view, holder, voidUntil);
    }
    return found;
  }

  private Served computed(View view, String holder, OverviewSource source) {
    long begun = System.nanoTime();
    Page page;
    try {
      page = source.compute();
    } catch (RuntimeException e) {
      Log.failure("overview", Optional.empty(), "OVERVIEW_NOT_COMPUTED", e);
      pages.fail(view, holder);
      return local.lastGood(view, source).orElseThrow(() -> e);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    if (page.isComplete()) {
      pages.keep(view, holder, page, took);
      local.put(view, page, took);
    } else {
      pages.release(view, holder);
    }
    return Served.computed(page, took);
  }
}
