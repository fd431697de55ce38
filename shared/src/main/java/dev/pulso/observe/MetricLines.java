package dev.pulso.observe;

import dev.pulso.text.JsonWriter;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes each measurement as one line: a log entry that also contains its metrics in CloudWatch's
 * embedded metric format. A second line would cost twice.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
public final class MetricLines implements Consumer<Measured> {
  private static final String NAMESPACE = "Pulso";
  private static final String STACK = "stack";
  private static final String ENDPOINT = "endpoint";
  private static final List<List<String>> DIMENSIONS = List.of(List.of(STACK, ENDPOINT));

  private final String stack;
  private final Consumer<String> lines;

  /** Metric directives, cached by the set of metrics: they are half of a line and rarely change. */
  private final Map<Set<Metric>, String> directives = new ConcurrentHashMap<>();

  /**
   * @param stack name of the deployment
   * @param lines receives each line
   */
  public MetricLines(String stack, Consumer<String> lines) {
    this.stack = stack;
    this.lines = lines;
  }

  /** Returns one that writes to standard output, which Lambda collects. */
  public static MetricLines toStandardOutput(String stack) {
    return new MetricLines(stack, Log::write);
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

  private void write(JsonWriter json, Measured measured) {
    json.text(STACK, stack)
        .text(ENDPOINT, measured.endpoint())
        .text("outcome", measured.outcome().label());
    measured.fields().accept(json);
    Map<Metric, BigDecimal> figures = measured.figures();
    figures.forEach((metric, value) -> json.number(metric.label(), value));
    json.object(
        "_aws",
        aws ->
            aws.number("Timestamp", measured.at().toEpochMilli())
                .raw("CloudWatchMetrics", directives(figures.keySet())));
  }

  private String directives(Set<Metric> metrics) {
    String known = directives.get(metrics);
    if (known != null) {
      return known;
    }
    String directive =
        JsonWriter.object(
            json ->
                json.text("Namespace", NAMESPACE)
                    .lists("Dimensions", DIMENSIONS)
                    .array("Metrics", metrics, MetricLines::define));
    directives.put(EnumSet.copyOf(metrics), "[" + directive + "]");
    return directives(metrics);
  }

  private static void define(JsonWriter json, Metric metric) {
    json.text("Name", metric.label()).text("Unit", metric.unit().label());
  }
}
