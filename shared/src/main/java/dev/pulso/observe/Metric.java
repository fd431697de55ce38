package dev.pulso.observe;

import java.util.Locale;

/**
 * Everything that is measured, by the name that metrics, log lines and alarms know it by: that of
 * the constant in lower case, whose end says the unit.
 */
public enum Metric {
  REQUESTS("Requests that were answered, however"),
  ERRORS("Answers of 500 and above"),
  CLIENT_ERRORS("Answers of 400 to 499, but for rate_limited"),
  RATE_LIMITED("Answers of 429"),
  LATENCY_MS("From a request to its answer"),
  DATABASE_MS("What the commands to the database took of that, together"),
  COLD_STARTS("Requests that were the first of their process"),
  CACHE_HITS("Answers out of a cache"),
  CACHE_MISSES("Answers that no cache had"),
  CACHE_STALE("Answers out of a cache that were too old, because no newer one was to be had"),
  LIMITER_FAILURES("Requests that were let through because the limiter could not be asked"),
  RECOUNTS("Groups of jobs that were counted"),
  RECOUNT_MS("What counting took"),
  STALENESS_MS("Age of the counters that a status showed"),
  JOBS_CANCELLED("Jobs that became cancelled"),
  UPKEEP_RUNS("Runs of upkeep"),
  UPKEEP_MS("What a run of upkeep took"),
  CANCELS_OPEN("Unfinished cancels that the last run of upkeep found"),
  OLDEST_OPEN_CANCEL_S("Age of the oldest of these"),
  CANCELS_FINISHED("Unfinished cancels that upkeep finished"),
  BATCHES_SWEPT("Cancelled batches in which jobs had come to wait again"),
  FENCES_RESTORED("Cancelled batches that somebody had made active"),
  GROUPS_UNCOUNTED("Groups of jobs that were never counted yet"),
  TOTALS_REBUILT("Runs of upkeep that found account totals wrong, and made them anew"),
  INDEXES_REFUSED("Indexes that the server refuses to build, which is tried again daily"),
  UPKEEP_STEP_FAILURES("Steps of a run of upkeep that failed");

  private final String help;
  private final String label = name().toLowerCase(Locale.ROOT);

  Metric(String help) {
    this.help = help;
  }

  /** What it is, for people. */
  public String help() {
    return help;
  }

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
      case CANCELS_OPEN, OLDEST_OPEN_CANCEL_S, GROUPS_UNCOUNTED, INDEXES_REFUSED -> true;
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
