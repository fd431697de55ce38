package dev.pulso.local.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.observe.Figures;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusFiguresTest {
  private final PrometheusFigures figures = new PrometheusFigures();

  @Test
  void countsAddUpPerEndpoint() {
    take("batch-status", new Figures().count(Metric.REQUESTS, 1).count(Metric.RECOUNTS, 2));
    take("batch-status", new Figures().count(Metric.REQUESTS, 1));
    take("batch-cancel", new Figures().count(Metric.REQUESTS, 1));
    assertThat(lines())
        .contains(
            "# TYPE pulso_requests_total counter",
            "pulso_requests_total{endpoint=\"batch-status\"} 2.0",
            "pulso_requests_total{endpoint=\"batch-cancel\"} 1.0",
            "pulso_recounts_total{endpoint=\"batch-status\"} 2.0");
  }

  @Test
  void timesAreHistogramsInSeconds() {
    take("batch-status", new Figures().time(Metric.LATENCY_MS, Duration.ofMillis(4)));
    take("batch-status", new Figures().time(Metric.LATENCY_MS, Duration.ofMillis(2_000)));
    assertThat(lines())
        .contains(
            "# TYPE pulso_latency_seconds histogram",
            "pulso_latency_seconds_bucket{endpoint=\"batch-status\",le=\"0.0025\"} 0",
            "pulso_latency_seconds_bucket{endpoint=\"batch-status\",le=\"0.005\"} 1",
            "pulso_latency_seconds_bucket{endpoint=\"batch-status\",le=\"2.5\"} 2",
            "pulso_latency_seconds_count{endpoint=\"batch-status\"} 2",
            "pulso_latency_seconds_sum{endpoint=\"batch-status\"} 2.004");
  }

  @Test
  void gaugesShowLastRun() {
    take(
        "batch-upkeep",
        new Figures()
            .count(Metric.CANCELS_OPEN, 2)
            .time(Metric.OLDEST_OPEN_CANCEL_S, Duration.ofMinutes(3)));
    assertThat(lines())
        .contains(
            "# TYPE pulso_cancels_open gauge",
            "pulso_cancels_open 2.0",
            "pulso_oldest_open_cancel_seconds 180.0");
    take("batch-upkeep", new Figures().count(Metric.CANCELS_OPEN, 0));
    assertThat(lines()).contains("pulso_cancels_open 0.0");
  }

  @Test
  void everyMetricIsExported() {
    Figures all = new Figures();
    for (Metric metric : Metric.values()) {
      all.count(metric, 1);
    }
    take("batch-status", all);
    List<String> lines = lines();
    for (Metric metric : Metric.values()) {
      assertThat(lines)
          .anyMatch(line -> line.startsWith("# HELP ") && line.endsWith(metric.help()));
    }
  }

  private void take(String endpoint, Figures measured) {
    figures.accept(
        new Measured(
            Instant.now(), "request", endpoint, Outcome.OK, json -> {}, measured.values()));
  }

  private List<String> lines() {
    return new String(figures.text(), StandardCharsets.UTF_8).lines().toList();
  }
}
