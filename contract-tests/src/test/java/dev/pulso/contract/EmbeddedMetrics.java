package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Parses the embedded metrics of a log line as strictly as CloudWatch. */
final class EmbeddedMetrics {
  private static final int MOST_METRICS = 100;
  private static final int MOST_VALUES = 100;
  private static final Set<String> UNITS = Set.of("Count", "Milliseconds", "Seconds");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private EmbeddedMetrics() {}

  /** Parses a line, which must be one JSON object without duplicate fields. */
  static JsonNode read(String line) {
    try {
      assertThat(line).doesNotContain("\n", "\r");
      JsonNode root = JSON.readTree(line);
      assertThat(root.isObject()).as(line).isTrue();
      return root;
    } catch (JacksonException e) {
      throw new AssertionError(line, e);
    }
  }

  /** Returns the units of the metrics by name; fails if the line violates the specification. */
  static Map<String, String> units(JsonNode root) {
    JsonNode aws = root.get("_aws");
    assertThat(aws.get("Timestamp").isIntegralNumber()).isTrue();
    JsonNode directives = aws.get("CloudWatchMetrics");
    Map<String, String> units = units(root, directives.get(0), "[[\"stack\",\"endpoint\"]]");
    if (units.containsKey("errors")) {
      assertThat(directives).hasSize(2);
      assertThat(units(root, directives.get(1), "[[\"stack\",\"endpoint\",\"release\"]]"))
          .containsOnlyKeys("errors");
    } else {
      assertThat(directives).hasSize(1);
    }
    return units;
  }

  private static Map<String, String> units(JsonNode root, JsonNode directive, String dimensions) {
    assertThat(directive.get("Namespace").textValue()).isEqualTo("Pulso");
    assertThat(directive.get("Dimensions").toString()).isEqualTo(dimensions);
    for (JsonNode dimension : directive.get("Dimensions").get(0)) {
      assertThat(root.get(dimension.textValue()).textValue()).isNotBlank().hasSizeLessThan(1_024);
    }
    Map<String, String> units = new LinkedHashMap<>();
    for (JsonNode metric : directive.get("Metrics")) {
      String name = metric.get("Name").textValue();
      assertThat(root.has(name)).as(name).isTrue();
      isValue(root.get(name));
      assertThat(metric.get("Unit").textValue()).isIn(UNITS);
      assertThat(units.put(name, metric.get("Unit").textValue())).as(name).isNull();
    }
    assertThat(units).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_METRICS);
    return units;
  }

  /** A value is a number, or numbers and how often each occurred. */
  private static void isValue(JsonNode value) {
    if (!value.isNumber()) {
      assertThat(value).hasSize(2);
      assertThat(value.get("Values")).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_VALUES);
      assertThat(value.get("Values")).allMatch(JsonNode::isNumber);
      assertThat(value.get("Counts")).hasSameSizeAs(value.get("Values"));
      assertThat(value.get("Counts"))
          .allMatch(count -> count.isIntegralNumber() && count.intValue() > 0);
    }
  }
}
