package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import dev.pulso.observe.Log;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Makes the overview of a view, and tells whether an earlier one still holds.
 *
 * @param maker computes a new overview
 * @param isCurrent whether a page contains every cancel, pause and resume that was answered until
 *     now; throws if it cannot find out
 */
public record OverviewSource(Supplier<Page> maker, Predicate<Page> isCurrent) {
  public Page compute() {
    return maker.get();
  }

  /**
   * Returns a cached page if it is current; marked as stale if the check fails; empty if it is
   * outdated.
   */
  public Optional<Served> checked(Served kept) {
    try {
      return isCurrent.test(kept.page()) ? Optional.of(kept) : Optional.empty();
    } catch (RuntimeException e) {
      Log.failure("overview", Optional.empty(), "OVERVIEW_NOT_CHECKED", e);
      return Optional.of(new Served(kept.page(), CacheUse.STALE, kept.age()));
    }
  }
}
