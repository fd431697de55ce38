package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes measurements as lines: log entries that also contain their metrics in CloudWatch's
 * embedded metric format. A second line would cost twice.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
public final class MetricLines implements Consumer<Measured> {
  private static final String NAMESPACE = "Pulso";
  private static final String STACK = "stack";
  private static final String ENDPOINT = "endpoint";
  private static final String RELEASE = "release";

  private final String stack;
  private final String release;
  private final Consumer<String> lines;

  /** Metric directives, cached by the set of metrics: they are half of a line and rarely change. */
  private final Map<Set<Metric>, String> directives = new ConcurrentHashMap<>();

  /**
   * @param stack name of the deployment
   * @param release name of its release
   * @param lines receives each line
   */
  public MetricLines(String stack, String release, Consumer<String> lines) {
    this.stack = stack;
    this.release = release;
    this.lines = lines;
  }

  /** Returns one that writes to standard output, which Lambda collects. */
  public static MetricLines toStandardOutput(String stack, String release) {
    return new MetricLines(stack, release, Log::write);
  }

  @Override
  public void accept(Measured measured) {
    lines.accept(
        Log.line(
            measured.at(),
            measured.outcome().isFailure() ? Log.ERROR : Log.INFO,
            measured.event(),
            json -> write(json, measured)));
  }

  /**
   * Writes one line about several measurements of one endpoint.
   *
   * @param at the time of the metrics
   */
  void accept(Instant at, String event, String endpoint, Distributions figures) {
    lines.accept(
        Log.line(
            at,
            Log.INFO,
            event,
            json -> {
              json.text(STACK, stack).text(ENDPOINT, endpoint);
              figures.write(json);
              metrics(json, at, figures.metrics());
            }));
  }

  private void write(JsonWriter json, Measured measured) {
    json.text(STACK, stack)
        .text(RELEASE, release)
        .text(ENDPOINT, measured.endpoint())
        .text("outcome", measured.outcome().label());
    measured.fields().accept(json);
    Map<Metric, BigDecimal> figures = measured.figures();
    figures.forEach((metric, value) -> json.number(metric.label(), value));
    metrics(json, measured.at(), figures.keySet());
  }

  private void metrics(JsonWriter json, Instant at, Set<Metric> metrics) {
    json.object(
        "_aws",
        aws ->
            aws.number("Timestamp", at.toEpochMilli())
                .raw("CloudWatchMetrics", directives(metrics)));
  }

  private String directives(Set<Metric> metrics) {
    String known = directives.get(metrics);
    if (known != null) {
      return known;
    }
    String all = directive(metrics, STACK, ENDPOINT);
    // Errors alone are also told apart by release, for alarms that roll one back: each further
    // combination of dimensions costs like another metric.
    String made =
        metrics.contains(Metric.ERRORS)
            ? "[" + all + "," + directive(Set.of(Metric.ERRORS), STACK, ENDPOINT, RELEASE) + "]"
            : "[" + all + "]";
    directives.put(EnumSet.copyOf(metrics), made);
    return made;
  }

  private static String directive(Set<Metric> metrics, String... dimensions) {
    return JsonWriter.object(
        json ->
            json.text("Namespace", NAMESPACE)
                .lists("Dimensions", List.of(List.of(dimensions)))
                .array("Metrics", metrics, MetricLines::define));
  }

  private static void define(JsonWriter json, Metric metric) {
    json.text("Name", metric.label()).text("Unit", metric.unit().label());
  }
}
