package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import dev.pulso.observe.Log;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Caches the overviews of one process: a bounded number, least recently used first out. */
public final class LocalOverviewCache implements OverviewCache {
  static final int MOST_VIEWS = 500;

  private final Duration fresh;
  private final LongSupplier nanos;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}, like all fields below. */
  private final Map<View, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<View, SingleFlight> inFlight = new HashMap<>();

  /**
   * @param fresh how long an overview is cached; zero: not at all
   */
  public LocalOverviewCache(Duration fresh) {
    this(fresh, System::nanoTime);
  }

  LocalOverviewCache(Duration fresh, LongSupplier nanos) {
    this.fresh = fresh;
    this.nanos = nanos;
  }

  /**
   * A cached overview.
   *
   * @param computedAt when its computation began, by {@link #nanos}
   * @param retryAt when the next attempt may begin after a failed one
   */
  private record Kept(Page page, long computedAt, long retryAt) {}

  @Override
  public Served get(View view, Deadline deadline, OverviewSource source) {
    if (fresh.isZero()) {
      return Served.computed(source.compute(), Duration.ZERO);
    }
    long asked = nanos.getAsLong();
    while (true) {
      SingleFlight own = new SingleFlight(nanos.getAsLong());
      Optional<Candidate> there;
      SingleFlight other = null;
      synchronized (lock) {
        there = servable(view);
        if (there.isEmpty()) {
          other = inFlight.putIfAbsent(view, own);
        }
      }
      try {
        if (there.isEmpty() && other == null) {
          Page page = compute(view, own, source);
          return Served.computed(page, since(own.begun()));
        }
        Candidate one = there.isPresent() ? there.get() : awaited(other, deadline);
        Optional<Served> served = one.served(asked, source);
        if (served.isPresent()) {
          return served.get();
        }
        drop(view, one.served.page());
      } catch (RuntimeException e) {
        return lastGood(view, source).orElseThrow(() -> e);
      }
    }
  }

  /** An overview that may be served. */
  private record Candidate(Served served, long computedAt) {
    /** Empty if it is outdated. A computation that began after the request cannot be. */
    Optional<Served> served(long asked, OverviewSource source) {
      return !served.page().isComplete() || computedAt - asked > 0
          ? Optional.of(served)
          : source.checked(served);
    }
  }

  private Candidate awaited(SingleFlight flight, Deadline deadline) {
    Page page = flight.await(deadline);
    Served served = new Served(page, CacheUse.HIT, since(flight.begun()));
    return new Candidate(served, flight.begun());
  }

  private Page compute(View view, SingleFlight flight, OverviewSource source) {
    try {
      Page page = source.compute();
      synchronized (lock) {
        inFlight.remove(view);
        if (page.isComplete()) {
          keep(view, new Kept(page, flight.begun(), flight.begun()));
        }
      }
      flight.complete(page);
      return page;
    } catch (RuntimeException | Error e) {
      synchronized (lock) {
        inFlight.remove(view);
        kept.computeIfPresent(
            view, (v, k) -> new Kept(k.page, k.computedAt, nanos.getAsLong() + RETRY.toNanos()));
      }
      flight.fail(e);
      Log.failure("overview", Optional.empty(), "OVERVIEW_NOT_COMPUTED", e);
      throw e;
    }
  }

  /**
   * Stores an overview that another process computed.
   *
   * @return this one, or a fresh one that was read later and stays
   */
  public Served put(View view, Page page, Duration age) {
    synchronized (lock) {
      long computedAt = nanos.getAsLong() - age.toNanos();
      return served(keep(view, new Kept(page, computedAt, computedAt)));
    }
  }

  /** Returns the last overview of a view, unless it is outdated or too old to be served stale. */
  public Optional<Served> lastGood(View view, OverviewSource source) {
    Optional<Served> last;
    synchronized (lock) {
      last = Optional.ofNullable(kept.get(view)).map(this::served).filter(this::isUsable);
    }
    Optional<Served> current = last.flatMap(source::checked);
    if (current.isEmpty()) {
      last.ifPresent(outdated -> drop(view, outdated.page()));
    }
    return current;
  }

  /** Drops an outdated page, and every page that was read before it. */
  public void drop(View view, Page page) {
    synchronized (lock) {
      kept.computeIfPresent(view, (v, k) -> k.page.readAt().isAfter(page.readAt()) ? k : null);
    }
  }

  /**
   * Returns an overview that need not be computed anew: fresh enough, or the best available after a
   * failure.
   */
  private Optional<Candidate> servable(View view) {
    Kept one = kept.get(view);
    if (one == null) {
      return Optional.empty();
    }
    Served served = served(one);
    boolean isToBeTriedLater = one.retryAt - nanos.getAsLong() > 0;
    return Optional.of(served)
        .filter(s -> s.use() == CacheUse.HIT || isToBeTriedLater && isUsable(s))
        .map(s -> new Candidate(s, one.computedAt));
  }

  private Served served(Kept one) {
    Duration age = since(one.computedAt);
    CacheUse use = age.compareTo(fresh) < 0 ? CacheUse.HIT : CacheUse.STALE;
    return new Served(one.page, use, age);
  }

  private Duration since(long begun) {
    return Duration.ofNanos(nanos.getAsLong() - begun);
  }

  private boolean isUsable(Served served) {
    return served.age().compareTo(fresh.plus(KEPT_STALE)) < 0;
  }

  private Kept keep(View view, Kept one) {
    Kept stays =
        kept.merge(view, one, (before, now) -> isFreshAndLater(before, now) ? before : now);
    if (kept.size() > MOST_VIEWS) {
      kept.remove(kept.keySet().iterator().next());
    }
    return stays;
  }

  private boolean isFreshAndLater(Kept one, Kept other) {
    return one.page.readAt().isAfter(other.page.readAt()) && served(one).use() == CacheUse.HIT;
  }
}
