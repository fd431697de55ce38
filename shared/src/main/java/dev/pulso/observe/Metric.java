package dev.pulso.observe;

import java.util.Locale;

/**
 * Everything that is measured, by the name that metrics, log lines and alarms know it by: that of
 * the constant in lower case, whose end says the unit.
 */
public enum Metric {
  REQUESTS,
  /** Answers of 500 and above. */
  ERRORS,
  /** Answers of 400 to 499, but for {@link #RATE_LIMITED}. */
  CLIENT_ERRORS,
  RATE_LIMITED,
  LATENCY_MS,
  DATABASE_MS,
  COLD_STARTS,
  CACHE_HITS,
  CACHE_MISSES,
  CACHE_STALE,
  LIMITER_FAILURES,
  RECOUNTS,
  RECOUNT_MS,
  /** Age of the counters that a status showed. */
  STALENESS_MS,
  JOBS_CANCELLED,
  UPKEEP_RUNS,
  UPKEEP_MS,
  /** Unfinished cancels that a run of upkeep found. */
  CANCELS_OPEN,
  /** Age of the oldest of these. */
  OLDEST_OPEN_CANCEL_S,
  CANCELS_FINISHED,
  BATCHES_SWEPT,
  FENCES_RESTORED,
  GROUPS_UNCOUNTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name. */
  public String label() {
    return label;
  }

  /** What it is measured in. */
  public Unit unit() {
    if (label.endsWith("_ms")) {
      return Unit.MILLISECONDS;
    }
    return label.endsWith("_s") ? Unit.SECONDS : Unit.COUNT;
  }

  /** Whether it is how something stands, so that values of several runs can't be added up. */
  public boolean isLevel() {
    return switch (this) {
      case CANCELS_OPEN, OLDEST_OPEN_CANCEL_S, GROUPS_UNCOUNTED -> true;
      default -> false;
    };
  }

  /** Units, by the names that CloudWatch has for them. */
  public enum Unit {
    MILLISECONDS("Milliseconds"),
    SECONDS("Seconds"),
    COUNT("Count");

    private final String label;

    Unit(String label) {
      this.label = label;
    }

    /** CloudWatch's name. */
    public String label() {
      return label;
    }
  }
}
