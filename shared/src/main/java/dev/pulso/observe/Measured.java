package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The measurement of one answered request, or of one finished run.
 *
 * @param at when it ended, by this process's clock (UTC)
 * @param event name of the event in log lines
 * @param endpoint the function
 * @param outcome how it ended
 * @param fields other fields of the log line
 * @param figures the figures that apply
 */
public record Measured(
    Instant at,
    String event,
    String endpoint,
    Outcome outcome,
    Consumer<JsonWriter> fields,
    Map<Metric, BigDecimal> figures) {}
