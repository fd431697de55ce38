package dev.pulso.overview;

import dev.pulso.observe.CacheUse;
import dev.pulso.observe.Log;
import java.util.Optional;

/** Makes the overview of a view, and tells whether one that was made before still holds. */
public interface OverviewSource {
  /** Makes a new one. */
  Page compute();

  /**
   * Whether a page shows every cancel, pause and resume that was answered until now; throws what
   * keeps it from finding out.
   */
  boolean isCurrent(Page page);

  /** A kept page if it is current, as a stale one if nobody can tell; empty when it is void. */
  default Optional<Served> checked(Served kept) {
    try {
      return isCurrent(kept.page()) ? Optional.of(kept) : Optional.empty();
    } catch (RuntimeException e) {
      Log.failure("overview", Optional.empty(), "OVERVIEW_NOT_CHECKED", e);
      return Optional.of(new Served(kept.page(), CacheUse.STALE, kept.age()));
    }
  }
}
