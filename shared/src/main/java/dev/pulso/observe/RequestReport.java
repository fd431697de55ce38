package dev.pulso.observe;

import dev.pulso.text.Hash;
import dev.pulso.text.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes the log line of an answered request. It contains no input, and the caller only as a hash.
 *
 * @param endpoint the function
 * @param route the matched route, with the names of its variables
 * @param method its method, if it is a known one
 * @param requestId the gateway's request id
 */
public record RequestReport(
    String endpoint, Optional<String> route, String method, Optional<String> requestId) {
  private static final String EVENT = "request";

  /** 16 hex digits: enough to follow one caller, too few to verify a subject. */
  private static final int HASH_BYTES = 8;

  private static final int LONGEST_ID = 64;

  Measured answered(int status, Duration took, boolean isCold, Observation seen) {
    Outcome outcome = Outcome.of(status);
    return new Measured(
        Instant.now(),
        EVENT,
        endpoint,
        outcome,
        json -> write(json, status, took, isCold, seen),
        figures(outcome, took, isCold, seen).values());
  }

  /** Writes the fields of the line other than metrics. The database's time is a field too. */
  private void write(JsonWriter json, int status, Duration took, boolean isCold, Observation seen) {
    json.text("request_id", requestId)
        .text("route", route)
        .text("method", method)
        .number("status", status)
        .text("caller", seen.subject().map(RequestReport::hash))
        .text("account", seen.account().filter(RequestReport::isId))
        .text("batch", seen.batch())
        .number("duration_ms", Figures.millis(took))
        .number("database_calls", seen.databaseCalls())
        .flag("cold_start", isCold)
        .flag("recount", seen.recounts() > 0)
        .text("cache", seen.cache().map(CacheUse::label))
        .text("code", seen.problem());
  }

  private static Figures figures(Outcome outcome, Duration took, boolean isCold, Observation seen) {
    Figures figures =
        new Figures()
            .count(Metric.REQUESTS, 1)
            .time(Metric.LATENCY_MS, took)
            .time(Metric.DATABASE_MS, seen.databaseTime())
            .countIfAny(Metric.ERRORS, outcome.isFailure() ? 1 : 0)
            .countIfAny(Metric.CLIENT_ERRORS, outcome.isClientError() ? 1 : 0)
            .countIfAny(Metric.RATE_LIMITED, outcome == Outcome.RATE_LIMITED ? 1 : 0)
            .countIfAny(Metric.COLD_STARTS, isCold ? 1 : 0)
            .countIfAny(Metric.LIMITER_FAILURES, seen.limiterFailures())
            .countIfAny(Metric.JOBS_CANCELLED, seen.jobsCancelled())
            .countIfAny(Metric.RECOUNTS, seen.recounts());
    if (seen.recounts() > 0) {
      figures.time(Metric.RECOUNT_MS, seen.recountTime());
    }
    seen.staleness().ifPresent(age -> figures.time(Metric.STALENESS_MS, age));
    seen.cache().ifPresent(use -> figures.count(metric(use), 1));
    return figures;
  }

  private static Metric metric(CacheUse use) {
    return switch (use) {
      case HIT -> Metric.CACHE_HITS;
      case MISS -> Metric.CACHE_MISSES;
      case STALE -> Metric.CACHE_STALE;
    };
  }

  /**
   * Returns whether the text looks like an id. The caller chooses the account in a request, and can
   * put anything there.
   */
  private static boolean isId(String text) {
    return text.length() <= LONGEST_ID
        && text.chars()
            .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '_');
  }

  private static String hash(String subject) {
    return HexFormat.of().formatHex(Hash.sha256(subject), 0, HASH_BYTES);
  }
}
