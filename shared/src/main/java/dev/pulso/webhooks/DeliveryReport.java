package dev.pulso.webhooks;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * What a run of deliveries did.
 *
 * @param sent attempts
 * @param failed attempts that failed
 * @param unreadable enabled webhooks whose secret no key decrypts
 * @param took duration of the run
 */
public record DeliveryReport(int sent, int failed, int unreadable, Duration took) {

  /** Name of the function in logs and metrics. */
  public static final String ENDPOINT = "webhook-delivery";

  /** Returns the measurement of the run. */
  public Measured measured(Observation seen) {
    return new Measured(
        Instant.now(),
        "webhook_delivery",
        ENDPOINT,
        Outcome.OK,
        json ->
            json.number("database_ms", Figures.millis(seen.databaseTime()))
                .number("database_calls", seen.databaseCalls()),
        new Figures()
            .count(Metric.DELIVERIES, sent)
            .count(Metric.DELIVERY_FAILURES, failed)
            .count(Metric.SECRETS_UNREADABLE, unreadable)
            .time(Metric.DELIVERY_RUN_MS, took)
            .values());
  }
}
