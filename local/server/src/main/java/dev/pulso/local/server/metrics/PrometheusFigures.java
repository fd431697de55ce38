package dev.pulso.local.server.metrics;

import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Collects metrics for Prometheus: counters, histograms of times in seconds, and gauges. The names
 * are CloudWatch's, by Prometheus' conventions.
 */
public final class PrometheusFigures implements Consumer<Measured> {
  /** The media type of {@link #text}. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final String ENDPOINT = "endpoint";

  /** Histogram buckets, from the time of a poll to the gateway's limit. */
  private static final double[] SECONDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final Map<Metric, BiConsumer<String, BigDecimal>> collectors =
      new EnumMap<>(Metric.class);

  public PrometheusFigures() {
    for (Metric metric : Metric.values()) {
      collectors.put(metric, collector(metric));
    }
  }

  @Override
  public void accept(Measured measured) {
    measured
        .figures()
        .forEach((metric, value) -> collectors.get(metric).accept(measured.endpoint(), value));
  }

  /** Returns all metrics in Prometheus' text format. */
  public byte[] text() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  private BiConsumer<String, BigDecimal> collector(Metric metric) {
    String name = name(metric);
    if (metric.isLevel()) {
      Gauge gauge = Gauge.builder().name(name).help(metric.help()).register(registry);
      return (endpoint, value) -> gauge.set(value.doubleValue());
    }
    if (metric.unit() == Metric.Unit.MILLISECONDS) {
      Histogram histogram =
          Histogram.builder()
              .name(name)
              .help(metric.help())
              .labelNames(ENDPOINT)
              .classicOnly()
              .classicUpperBounds(SECONDS)
              .register(registry);
      return (endpoint, value) ->
          histogram.labelValues(endpoint).observe(value.movePointLeft(3).doubleValue());
    }
    Counter counter =
        Counter.builder().name(name).help(metric.help()).labelNames(ENDPOINT).register(registry);
    return (endpoint, value) -> counter.labelValues(endpoint).inc(value.doubleValue());
  }

  /** Uses full names of base units; {@code _total} is added where required. */
  private static String name(Metric metric) {
    return "pulso_"
        + switch (metric.unit()) {
          case MILLISECONDS -> metric.label().replaceFirst("_ms$", "_seconds");
          case SECONDS -> metric.label().replaceFirst("_s$", "_seconds");
          case COUNT -> metric.label();
        };
  }
}
