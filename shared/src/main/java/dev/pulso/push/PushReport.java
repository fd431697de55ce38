package dev.pulso.push;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * The report of a run of the pusher.
 *
 * @param connections most connections at once
 * @param messages delivered messages
 * @param refused messages that the gateway did not take, each time that they were tried
 * @param dropped connections that took no messages, and were ended
 * @param longest time that one tick took; zero without a good one
 * @param failures ticks that failed, most often for want of the database
 */
public record PushReport(
    int connections,
    long messages,
    long refused,
    long dropped,
    Duration longest,
    int failures,
    Duration took) {
  /** Name of the function in logs and metrics. */
  public static final String ENDPOINT = "event-push";

  /**
   * Returns the measurement of the run.
   *
   * @param seen what was observed during it
   */
  public Measured measured(Observation seen) {
    return new Measured(
        Instant.now(),
        "push",
        ENDPOINT,
        failures == 0 ? Outcome.OK : Outcome.ERROR,
        json ->
            json.number("took_ms", Figures.millis(took))
                .number("refused", refused)
                .number("database_ms", Figures.millis(seen.databaseTime()))
                .number("database_calls", seen.databaseCalls()),
        new Figures()
            .count(Metric.PUSH_RUNS, isGood() ? 1 : 0)
            .time(Metric.PUSH_MS, longest)
            .count(Metric.PUSH_CONNECTIONS, connections)
            .count(Metric.PUSH_MESSAGES, messages)
            .count(Metric.PUSH_DROPPED, dropped)
            .count(Metric.PUSH_FAILURES, failures)
            .count(Metric.RECOUNTS, seen.recounts())
            .values());
  }

  /** A run that only waited, always failed, or delivered nothing that it had to, pushed nothing. */
  private boolean isGood() {
    return !longest.isZero() && (messages > 0 || refused == 0);
  }
}
