package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads a log line as CloudWatch does that takes metrics out of it, and as strictly. */
final class EmbeddedMetrics {
  private static final int MOST_METRICS = 100;
  private static final Set<String> UNITS = Set.of("Count", "Milliseconds", "Seconds");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private EmbeddedMetrics() {}

  /** The line, which is one JSON object without a field twice. */
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

  /** The units of the line's metrics by their names; fails where the specification is not kept. */
  static Map<String, String> units(JsonNode root) {
    JsonNode aws = root.get("_aws");
    assertThat(aws.get("Timestamp").isIntegralNumber()).isTrue();
    JsonNode directives = aws.get("CloudWatchMetrics");
    assertThat(directives).hasSize(1);
    JsonNode directive = directives.get(0);
    assertThat(directive.get("Namespace").textValue()).isEqualTo("Pulso");
    assertThat(directive.get("Dimensions").toString()).isEqualTo("[[\"stage\",\"endpoint\"]]");
    for (JsonNode dimension : directive.get("Dimensions").get(0)) {
      assertThat(root.get(dimension.textValue()).textValue()).isNotBlank().hasSizeLessThan(1_024);
    }
    Map<String, String> units = new LinkedHashMap<>();
    for (JsonNode metric : directive.get("Metrics")) {
      String name = metric.get("Name").textValue();
      assertThat(root.get(name)).as(name).isNotNull();
      assertThat(root.get(name).isNumber()).as(name).isTrue();
      assertThat(metric.get("Unit").textValue()).isIn(UNITS);
      assertThat(units.put(name, metric.get("Unit").textValue())).as(name).isNull();
    }
    assertThat(units).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_METRICS);
    return units;
  }
}
