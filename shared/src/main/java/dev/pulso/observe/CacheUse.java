package dev.pulso.observe;

import java.util.Locale;

/** What a cache had for an answer. */
public enum CacheUse {
  /** The answer, young enough. */
  HIT,
  /** Nothing. */
  MISS,
  /** An answer that was too old or may be void, given because nothing better was to be had. */
  STALE;

  /** As log lines have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
