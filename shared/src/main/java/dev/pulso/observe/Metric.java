package dev.pulso.observe;

import java.util.Locale;

/**
 * All metrics. The name in metrics, log lines and alarms is that of the constant in lower case; its
 * end says the unit.
 */
public enum Metric {
  REQUESTS("Total requests, including failures"),
  ERRORS("Responses with status 500 or above"),
  CLIENT_ERRORS("Responses with status 400 to 499, except 429"),
  RATE_LIMITED("Responses with status 429"),
  LATENCY_MS("Time from request to response"),
  DATABASE_MS("Time of all database commands of a request"),
  COLD_STARTS("First requests of a process"),
  CACHE_HITS("Responses from a cache"),
  CACHE_MISSES("Responses that were not in the cache"),
  CACHE_STALE("Stale responses from a cache, because no newer one was available"),
  LIMITER_FAILURES("Requests admitted because the rate limiter was unavailable"),
  RECOUNTS("Recounted groups of jobs"),
  RECOUNT_MS("Duration of recounts"),
  STALENESS_MS("Age of the counters in status responses"),
  JOBS_CANCELLED("Cancelled jobs"),
  UPKEEP_RUNS("Runs of upkeep"),
  UPKEEP_MS("Duration of an upkeep run"),
  OPERATIONS_OPEN("Unfinished operations on many batches that the last upkeep run found"),
  CANCELS_OPEN("Open cancels that the last upkeep run found"),
  OLDEST_OPEN_CANCEL_S("Age of the oldest open cancel"),
  CANCELS_FINISHED("Open cancels that upkeep finished"),
  BATCHES_SWEPT("Cancelled batches whose late returns were swept"),
  FENCES_RESTORED("Cancelled batches that another program had made active"),
  GROUPS_UNCOUNTED("Groups of jobs that were never counted"),
  TOTALS_REBUILT("Upkeep runs that rebuilt wrong account totals"),
  OLDEST_DUE_DELIVERY_S("For how long the oldest waiting delivery to a webhook is due"),
  DELIVERIES("Attempts to deliver an event to a webhook"),
  DELIVERY_RUN_MS("Duration of a run of deliveries, which is a minute by design"),
  DELIVERY_FAILURES("Failed attempts to deliver an event to a webhook"),
  SECRETS_UNREADABLE("Enabled webhooks whose secret no key decrypts, in the last run"),
  INDEXES_REFUSED("Indexes that the server refuses to build; retried daily"),
  UPKEEP_STEP_FAILURES("Failed steps of upkeep runs"),
  PUSH_RUNS("Runs of the pusher that pushed, or would have"),
  PUSH_MS("Duration of the longest tick of the pusher"),
  PUSH_CONNECTIONS("Connected clients"),
  PUSH_MESSAGES("Messages delivered to connected clients"),
  PUSH_DROPPED("Connections ended because their clients took no messages"),
  PUSH_FAILURES("Failed ticks of the pusher");

  private final String help;
  private final String label = name().toLowerCase(Locale.ROOT);

  Metric(String help) {
    this.help = help;
  }

  /** Returns the description for people. */
  public String help() {
    return help;
  }

  /** Returns the name in metrics and log lines. */
  public String label() {
    return label;
  }

  /** Returns the unit. */
  public Unit unit() {
    if (label.endsWith("_ms")) {
      return Unit.MILLISECONDS;
    }
    return label.endsWith("_s") ? Unit.SECONDS : Unit.COUNT;
  }

  /** Returns whether it is a gauge: values of several runs cannot be added. */
  public boolean isLevel() {
    return switch (this) {
      case OPERATIONS_OPEN,
          CANCELS_OPEN,
          OLDEST_OPEN_CANCEL_S,
          OLDEST_DUE_DELIVERY_S,
          SECRETS_UNREADABLE,
          GROUPS_UNCOUNTED,
          INDEXES_REFUSED,
          PUSH_CONNECTIONS ->
          true;
      default -> false;
    };
  }

  /** Units of CloudWatch. */
  public enum Unit {
    MILLISECONDS("Milliseconds"),
    SECONDS("Seconds"),
    COUNT("Count");

    private final String label;

    Unit(String label) {
      this.label = label;
    }

    /** Returns CloudWatch's name of the unit. */
    public String label() {
      return label;
    }
  }
}
