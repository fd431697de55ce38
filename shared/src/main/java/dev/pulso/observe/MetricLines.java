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
 * Writes measurements as lines, each a log entry and, in CloudWatch's embedded metric format, its
 * metrics at once: a second line would be paid for a second time.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
public final class MetricLines implements Consumer<Measured> {
  private static final String NAMESPACE = "Pulso";
  private static final String STAGE = "stage";
  private static final String ENDPOINT = "endpoint";
  private static final List<List<String>> DIMENSIONS = List.of(List.of(STAGE, ENDPOINT));

  private final String stage;
  private final Consumer<String> lines;

  /** What is said of metrics, by the metrics: half of a line, and seldom another one. */
  private final Map<Set<Metric>, String> directives = new ConcurrentHashMap<>();

  /**
   * @param stage which of several deployments this is
   * @param lines what takes a line
   */
  public MetricLines(String stage, Consumer<String> lines) {
    this.stage = stage;
    this.lines = lines;
  }

  /** To standard output, where Lambda takes logs from. */
  public static MetricLines toStandardOutput(String stage) {
    return new MetricLines(stage, Log::write);
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
    json.text(STAGE, stage)
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
