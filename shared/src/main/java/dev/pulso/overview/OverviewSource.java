package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import dev.pulso.observe.Log;
import java.util.Optional;

/** Computes the overview of a view, and checks cached ones. */
public interface OverviewSource {
  /** Computes a new overview. */
  Page compute();

  /**
   * Returns whether a page contains every cancel, pause and resume that was answered until now.
   * Throws if it cannot find out.
   */
  boolean isCurrent(Page page);

  /**
   * Returns a cached page if it is current; marked as stale if the check fails; empty if it is
   * outdated.
   */
  default Optional<Served> checked(Served kept) {
    try {
      return isCurrent(kept.page()) ? Optional.of(kept) : Optional.empty();
    } catch (RuntimeException e) {
      Log.failure("overview", Optional.empty(), "OVERVIEW_NOT_CHECKED", e);
      return Optional.of(new Served(kept.page(), CacheUse.STALE, kept.age()));
    }
  }
}
