package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.RequestReport;
import dev.pulso.observe.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Replays the log lines of two releases, and decides by the alarms in the template. Nine of ten
 * requests go to the old release, the tenth to the new one, as at the start of a canary.
 */
class RollbackTest {
  private static final int CRASH = -1;
  private static final int MINUTES = 5;
  private static final String STACK = "pulso-prod";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Deployment deployment = new Deployment(Watched.TEMPLATE, Map.of("Release", "new"));

  /** Sums by minute, by namespace, name and dimensions. */
  private final Map<String, Map<Integer, Double>> metrics = new HashMap<>();

  RollbackTest() throws IOException {}

  @Test
  void badReleaseIsSeenAmongGoodRequests() {
    // Half of the canary fails: a twentieth of all requests.
    replay(100, List.of(200), List.of(503, 200));
    assertThat(isOn("BatchStatusReleaseErrors")).isTrue();
    assertThat(isOn("BatchStatusErrors")).as("the alarm on all requests").isFalse();
  }

  @Test
  void crashesAreSeenWithoutAnyLine() {
    replay(100, List.of(200), List.of(CRASH));
    assertThat(isOn("BatchStatusReleaseErrors")).isTrue();
  }

  @Test
  void badReleaseIsSeenInThinTraffic() {
    replay(10, List.of(200), List.of(500));
    assertThat(isOn("BatchStatusReleaseErrors")).isTrue();
  }

  @Test
  void clientErrorsOfGoodReleaseCountForNothing() {
    replay(100, List.of(200), List.of(200, 404, 429, 400, 304));
    assertThat(isOn("BatchStatusReleaseErrors")).isFalse();
  }

  @Test
  void failuresOfOldReleaseDoNotBlockFix() {
    replay(100, List.of(503), List.of(200));
    assertThat(isOn("BatchStatusReleaseErrors")).isFalse();
    assertThat(isOn("BatchStatusErrors")).isTrue();
  }

  @Test
  void silentReleaseIsNotBad() {
    assertThat(isOn("BatchStatusReleaseErrors")).isFalse();
  }

  /** Replays minutes of requests; the statuses of each release repeat. */
  private void replay(int aMinute, List<Integer> old, List<Integer> fresh) {
    for (int minute = 0; minute < MINUTES; minute++) {
      for (int i = 0; i < aMinute; i++) {
        boolean isCanary = i % 10 == 0;
        List<Integer> statuses = isCanary ? fresh : old;
        int status = statuses.get(i / 10 % statuses.size());
        countAsLambda(minute, isCanary ? "2" : "1", status == CRASH);
        if (status != CRASH) {
          countLine(minute, isCanary ? "new" : "old", status);
        }
      }
    }
  }

  private void countAsLambda(int minute, String version, boolean crashed) {
    for (Map<String, String> dimensions :
        List.of(
            Map.of("FunctionName", "status"),
            Map.of(
                "FunctionName", "status", "Resource", "status:live", "ExecutedVersion", version))) {
      count(minute, "AWS/Lambda", "Invocations", dimensions, 1);
      count(minute, "AWS/Lambda", "Errors", dimensions, crashed ? 1 : 0);
    }
  }

  /** Counts like CloudWatch what a function logs about a request. */
  private void countLine(int minute, String release, int status) {
    MetricLines lines = new MetricLines(STACK, release, line -> countLine(minute, line));
    new Observer(lines, Tracer.OFF)
        .request(
            new RequestReport("batch-status", Optional.empty(), "GET", Optional.empty()),
            () -> status,
            answered -> answered);
  }

  private void countLine(int minute, String text) {
    JsonNode line = read(text);
    for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
      for (JsonNode set : directive.get("Dimensions")) {
        Map<String, String> dimensions = new HashMap<>();
        set.forEach(name -> dimensions.put(name.asText(), line.get(name.asText()).asText()));
        for (JsonNode metric : directive.get("Metrics")) {
          String name = metric.get("Name").asText();
          count(
              minute,
              directive.get("Namespace").asText(),
              name,
              dimensions,
              line.get(name).doubleValue());
        }
      }
    }
  }

  private void count(
      int minute, String namespace, String name, Map<String, String> dimensions, double value) {
    metrics
        .computeIfAbsent(key(namespace, name, dimensions), k -> new HashMap<>())
        .merge(minute, value, Double::sum);
  }

  private static String key(String namespace, String name, Map<String, String> dimensions) {
    return namespace + " " + name + " " + new TreeMap<>(dimensions);
  }

  /** Returns whether the alarm would have been on at the end of any of its periods. */
  private boolean isOn(String name) {
    Map<?, ?> alarm = deployment.resource(name);
    int periods = (Integer) alarm.get("EvaluationPeriods");
    int needed = alarm.get("DatapointsToAlarm") instanceof Integer n ? n : periods;
    assertThat(alarm.get("ComparisonOperator")).isEqualTo("GreaterThanThreshold");
    assertThat(alarm.get("TreatMissingData")).isEqualTo("notBreaching");
    double threshold = Double.parseDouble(alarm.get("Threshold").toString());
    int minutes = period(alarm) / 60;
    for (int end = MINUTES; end > 0; end -= minutes) {
      int breaching = 0;
      for (int i = 0; i < periods; i++) {
        breaching += value(alarm, end - i * minutes, minutes) > threshold ? 1 : 0;
      }
      if (breaching >= needed) {
        return true;
      }
    }
    return false;
  }

  /** Returns the period of the alarm's metrics, in seconds; all have the same. */
  private static int period(Map<?, ?> alarm) {
    Set<Object> periods = new HashSet<>();
    for (Object metric : (List<?>) alarm.get("Metrics")) {
      periods.add(map((Map<?, ?>) metric, "MetricStat").get("Period"));
    }
    // An expression has none.
    periods.remove(null);
    assertThat(periods).hasSize(1);
    return (Integer) periods.iterator().next();
  }

  /** Returns the value of the alarm's expression in the period that ends with this minute. */
  private double value(Map<?, ?> alarm, int end, int minutes) {
    Map<String, Double> values = new HashMap<>();
    String expression = null;
    for (Object each : (List<?>) alarm.get("Metrics")) {
      Map<?, ?> metric = (Map<?, ?>) each;
      if (metric.get("Expression") instanceof String text) {
        expression = text;
      } else {
        assertThat(map(metric, "MetricStat").get("Stat")).isEqualTo("Sum");
        values.put(
            metric.get("Id").toString(),
            sum(map(map(metric, "MetricStat"), "Metric"), end - minutes, end));
      }
    }
    return MetricMath.value(expression, values);
  }

  private double sum(Map<?, ?> metric, int from, int to) {
    Map<String, String> dimensions = new HashMap<>();
    for (Object each : (List<?>) metric.get("Dimensions")) {
      Map<?, ?> dimension = (Map<?, ?>) each;
      dimensions.put(dimension.get("Name").toString(), deployed(dimension.get("Value")));
    }
    Map<Integer, Double> values =
        metrics.getOrDefault(
            key(
                metric.get("Namespace").toString(),
                metric.get("MetricName").toString(),
                dimensions),
            Map.of());
    return values.entrySet().stream()
        .filter(value -> value.getKey() >= from && value.getKey() < to)
        .map(Map.Entry::getValue)
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /** Replaces references to resources by what they are once deployed. */
  private static String deployed(Object value) {
    return switch (value.toString()) {
      case "{Ref=AWS::StackName}" -> STACK;
      case "{Ref=BatchStatusFunction}" -> "status";
      case "${BatchStatusFunction}:live" -> "status:live";
      case "{Fn::GetAtt=[BatchStatusFunction, Version.Version]}" -> "2";
      case String other -> other;
    };
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
