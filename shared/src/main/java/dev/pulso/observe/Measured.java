package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is known of one request that was answered, or one run that is over.
 *
 * @param at when that was, by this process's clock (UTC)
 * @param event what it was, as log lines name it
 * @param endpoint the function
 * @param outcome how it ended
 * @param fields what a log line says of it besides its figures
 * @param figures the figures, those that are none left out
 */
public record Measured(
    Instant at,
    String event,
    String endpoint,
    Outcome outcome,
    Consumer<JsonWriter> fields,
    Map<Metric, BigDecimal> figures) {}
