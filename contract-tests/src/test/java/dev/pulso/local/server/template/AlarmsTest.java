package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static dev.pulso.local.server.template.Watched.all;
import static dev.pulso.local.server.template.Watched.endpoint;
import static dev.pulso.local.server.template.Watched.first;
import static dev.pulso.local.server.template.Watched.sub;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the alarms with the functions, the metrics and the runbook. */
class AlarmsTest {
  /**
   * No cold start of a function takes as long, with the extension, a new connection and little CPU.
   */
  private static final int COLD_START_MS = 5_000;

  private static final Map<String, String> TOPIC = Map.of("Ref", "AlarmTopic");

  private final Watched watched = new Watched();
  private final Map<String, Map<?, ?>> alarms = watched.alarmsWithCanary();

  AlarmsTest() throws IOException {}

  /**
   * Each release makes its alarms anew, and a new alarm goes to OK: at each deployment a mail from
   * each.
   */
  @Test
  void everyAlarmNotifiesTopic() {
    assertThat(alarms)
        .isNotEmpty()
        .allSatisfy(
            (name, alarm) -> {
              assertThat(alarm.get("AlarmActions")).as(name).isEqualTo(List.of(TOPIC));
              assertThat(alarm.get("OKActions"))
                  .as(name)
                  .isEqualTo(name.endsWith("ReleaseErrors") ? null : List.of(TOPIC));
            });
    assertThat(watched.deployment.resource("AlarmTopic").get("Subscription"))
        .isEqualTo(List.of(Map.of("Protocol", "email", "Endpoint", "on-call@example.com")));
  }

  @Test
  void alarmsAndRunbookSectionsMatch() {
    Set<String> named =
        alarms.values().stream()
            .map(alarm -> first("Runbook, ([^.]+)\\.$", alarm.get("AlarmDescription").toString()))
            .collect(Collectors.toCollection(TreeSet::new));
    String section = first("(?s)\n## Alarms\n(.*?)\n## ", watched.runbook);
    assertThat(all("(?m)^### (.+)$", section)).containsExactlyInAnyOrderElementsOf(named);
  }

  @Test
  void runbookUsesNamesOfAlarms() {
    for (Map<?, ?> alarm : alarms.values()) {
      String name =
          sub(alarm.get("AlarmName"))
              .replace("${AWS::StackName}", "STACK")
              .replaceFirst("-new$", "-<release>");
      for (String endpoint : watched.endpoints()) {
        name = name.replace("-" + endpoint + "-", "-<endpoint>-");
      }
      assertThat(watched.runbook).contains("`" + name + "`");
    }
  }

  /** An alarm is billed for each metric that it reads. */
  @Test
  void costsOfMonthCountAlarms() throws IOException {
    Map<String, Map<?, ?>> all = watched.alarms();
    long metrics =
        all.values().stream()
            .mapToLong(
                alarm ->
                    alarm.get("Metrics") instanceof List<?> list
                        ? list.stream()
                            .filter(each -> ((Map<?, ?>) each).containsKey("MetricStat"))
                            .count()
                        : 1)
            .sum();
    assertThat(Files.readString(Project.root().resolve("docs/scaling.md")))
        .contains("| %d alarms, %d metrics |".formatted(all.size(), metrics));
  }

  @Test
  void everyFunctionHasItsAlarms() {
    for (FunctionDefinition function : watched.functions) {
      String prefix = function.name().replaceFirst("Function$", "");
      assertThat(alarms).containsKeys(prefix + "Errors", prefix + "Latency");
      assertThat(function.scheduled() || alarms.containsKey(prefix + "Throttles"))
          .as(prefix)
          .isTrue();
      assertThat(alarms.get(prefix + "Errors").toString()).contains("Ref=" + function.name() + "}");
      if (function.scheduled()) { // Five runs in five minutes, whatever ErrorAlarmCount.
        assertThat(alarms.get(prefix + "Errors").get("Threshold")).as(prefix).isEqualTo(3);
      }
      assertThat(endpointsIn(alarms.get(prefix + "Latency"))).containsExactly(endpoint(function));
    }
    assertThat(alarms).containsKeys("UnfinishedCancel", "Staleness", "GatewayErrors");
  }

  @Test
  void silentUpkeepRaisesAlarm() {
    assertThat(metricsIn(alarms.get("UpkeepSilent"))).containsExactly("upkeep_runs");
    assertThat(alarms.get("UpkeepSilent").get("TreatMissingData")).isEqualTo("breaching");
  }

  @Test
  void alarmsRollDeploymentBack() throws IOException {
    Deployment regardless = new Deployment(Watched.TEMPLATE, Map.of("RollbackOnAlarm", "false"));
    for (FunctionDefinition each : watched.functions) {
      Map<?, ?> function = watched.deployment.resource(each.name());
      if (each.scheduled()) {
        assertThat(function.get("DeploymentPreference")).isEqualTo(Map.of("Enabled", false));
        continue;
      }
      String prefix = each.name().replaceFirst("Function$", "");
      assertThat(map(function, "DeploymentPreference").get("Alarms"))
          .isEqualTo(
              List.of(Map.of("Ref", prefix + "ReleaseErrors"), Map.of("Ref", prefix + "Latency")));
      assertThat(map(regardless.resource(each.name()), "DeploymentPreference").get("Alarms"))
          .isEqualTo(List.of(Map.of("Ref", "NeverOn")));
      assertThat(alarms.get(prefix + "ReleaseErrors").toString())
          .contains("Fn::GetAtt=[" + each.name() + ", Version.Version]");
      assertThat(sub(alarms.get(prefix + "ReleaseErrors").get("AlarmName")))
          .as("an alarm of the last release must not block this one")
          .endsWith("-release-errors-new");
    }
    Map<?, ?> neverOn = regardless.all("AWS::CloudWatch::Alarm").get("NeverOn");
    assertThat(neverOn.get("Statistic")).isEqualTo("Sum");
    assertThat(neverOn.get("ComparisonOperator")).isEqualTo("LessThanThreshold");
    assertThat(neverOn.get("Threshold")).isEqualTo(0);
    assertThat(neverOn.get("TreatMissingData")).isEqualTo("notBreaching");
  }

  @Test
  void alarmsUseExistingMetrics() {
    Set<String> metrics = new TreeSet<>();
    Set<String> endpoints = new TreeSet<>();
    alarms.values().forEach(alarm -> metrics.addAll(metricsIn(alarm)));
    alarms.values().forEach(alarm -> endpoints.addAll(endpointsIn(alarm)));
    assertThat(metrics).contains("errors", "latency_ms", "oldest_open_cancel_s");
    assertThat(Watched.METRICS).containsAll(metrics);
    assertThat(endpoints).isEqualTo(watched.endpoints());
  }

  /** Two stacks of one stage in one account must not silence each other's alarms. */
  @Test
  void alarmsWatchMetricsOfTheirStack() {
    Map<String, ?> stack = Map.of("Ref", "AWS::StackName");
    assertThat(watched.deployment.all("AWS::Serverless::Function").values())
        .allSatisfy(
            function ->
                assertThat(watched.deployment.variable(function, "STACK")).isEqualTo(stack));
    assertThat(values(alarms, "Namespace", "Pulso", "Dimensions"))
        .hasSizeGreaterThan(watched.functions.size())
        .allSatisfy(
            dimensions ->
                assertThat((List<?>) dimensions)
                    .first()
                    .isEqualTo(Map.of("Name", "stack", "Value", stack)));
  }

  @Test
  void otherAlarmsWatchWhatTheyTell() {
    assertWatches("GatewayErrors", "AWS/ApiGateway, MetricName=5xx", "ApiId, Value={Ref=HttpApi}");
    assertWatches("Unreachable", "CloudWatchSynthetics", "CanaryName, Value={Ref=Canary}");
    assertWatches("Staleness", "Pulso", "endpoint, Value=batch-status");
    assertWatches("LimiterFailures", "Pulso", "endpoint, Value=batch-status");
    for (String name : List.of("UnfinishedCancel", "UpkeepSilent", "LateDelivery")) {
      assertWatches(name, "Pulso", "endpoint, Value=batch-upkeep");
    }
    assertWatches("UnreadableSecrets", "Pulso", "endpoint, Value=webhook-delivery");
    for (FunctionDefinition function : watched.functions) {
      String throttles = function.name().replaceFirst("Function$", "Throttles");
      if (alarms.containsKey(throttles)) {
        assertWatches(throttles, "AWS/Lambda", "FunctionName, Value={Ref=" + function.name() + "}");
      }
    }
  }

  private void assertWatches(String name, String metric, String dimension) {
    assertThat(alarms.get(name).toString())
        .as(name)
        .contains("Namespace=" + metric)
        .contains("{Name=" + dimension + "}");
  }

  /** Of a few requests, p99 is the slowest: one cold start must not raise the alarm. */
  @Test
  void coldStartRaisesNoLatencyAlarm() {
    for (FunctionDefinition function : watched.functions) {
      Map<?, ?> alarm = alarms.get(function.name().replaceFirst("Function$", "Latency"));
      double limit = Double.parseDouble(alarm.get("Threshold").toString());
      assertThat(alarm.get("DatapointsToAlarm")).as("a cold start is in one minute").isEqualTo(3);
      if (!function.scheduled()) {
        assertThat(latency(alarm, 19, COLD_START_MS)).as(function.name()).isLessThan(limit);
      }
      int calls = function.scheduled() ? 1 : 20;
      assertThat(latency(alarm, calls, limit + 1)).as(function.name()).isGreaterThan(limit);
    }
  }

  /** Returns what the alarm compares with its threshold. */
  private static double latency(Map<?, ?> alarm, double calls, double slowest) {
    Map<?, ?> expression = (Map<?, ?>) ((List<?>) alarm.get("Metrics")).getFirst();
    return MetricMath.value(
        expression.get("Expression").toString(), Map.of("calls", calls, "slowest", slowest));
  }

  private static Set<String> metricsIn(Map<?, ?> metric) {
    return texts(values(metric, "Namespace", "Pulso", "MetricName"));
  }

  private static Set<String> endpointsIn(Map<?, ?> metric) {
    return texts(values(metric, "Name", "endpoint", "Value"));
  }

  private static Set<String> texts(List<Object> values) {
    return values.stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns what all maps inside that have this entry have under the wanted key. */
  private static List<Object> values(Map<?, ?> map, String key, String value, String wanted) {
    List<Object> found = new ArrayList<>();
    if (value.equals(map.get(key))) {
      found.add(map.get(wanted));
    }
    map.values().stream()
        .flatMap(inner -> inner instanceof List<?> list ? list.stream() : Stream.of(inner))
        .filter(Map.class::isInstance)
        .forEach(inner -> found.addAll(values((Map<?, ?>) inner, key, value, wanted)));
    return found;
  }
}
