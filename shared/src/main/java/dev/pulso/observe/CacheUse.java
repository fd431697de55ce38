package dev.pulso.observe;

import java.util.Locale;

/** How a cache answered. */
public enum CacheUse {
  /** A fresh answer. */
  HIT,
  MISS,
  /** An expired or unchecked answer, because no better one was available. */
  STALE;

  /** Returns the name in log lines. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
