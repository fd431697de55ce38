package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.Project;
import dev.pulso.observe.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The monitoring of a deployment with all options, and its documentation. */
final class Watched {
  static final Path TEMPLATE = Project.root().resolve("template.yaml");

  /** The names of all metrics of functions and upkeep. */
  static final Set<String> METRICS =
      Stream.of(Metric.values()).map(Metric::label).collect(Collectors.toSet());

  final Deployment deployment;

  /** The nested stack with dashboard, queries and more alarms. */
  final Deployment watch;

  final List<FunctionDefinition> functions;
  final String runbook;

  Watched() throws IOException {
    deployment =
        new Deployment(
            TEMPLATE,
            Map.of(
                "RedisSecretArn",
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:pulso/redis-AbCdEf",
                "AlarmEmail",
                "on-call@example.com",
                "Release",
                "new"));
    watch = deployment.nested("Watch");
    functions = TemplateReader.read(TEMPLATE).functions();
    assertThat(functions).isNotEmpty();
    runbook = Files.readString(Project.root().resolve("docs/runbook.md"));
  }

  /** Returns the properties of all alarms, by name. */
  Map<String, Map<?, ?>> alarms() {
    Map<String, Map<?, ?>> alarms = deployment.all("AWS::CloudWatch::Alarm");
    alarms.putAll(watch.all("AWS::CloudWatch::Alarm"));
    return alarms;
  }

  /** Returns the properties of all alarms, by name, also of the canary in its own stack. */
  Map<String, Map<?, ?>> alarmsWithCanary() throws IOException {
    Map<String, Map<?, ?>> alarms = alarms();
    Deployment canary =
        new Deployment(
            TEMPLATE.resolveSibling("watch/canary.yaml"),
            Map.of("Deployment", Map.of("Ref", "AWS::StackName")));
    alarms.putAll(canary.all("AWS::CloudWatch::Alarm"));
    return alarms;
  }

  /** Returns the names of the functions in metrics and log lines. */
  Set<String> endpoints() {
    return functions.stream().map(Watched::endpoint).collect(Collectors.toSet());
  }

  /** Returns the name of a function in metrics and log lines. */
  static String endpoint(FunctionDefinition function) {
    return function
        .name()
        .replaceFirst("Function$", "")
        .replaceAll("(?<!^)([A-Z])", "-$1")
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the text of an {@code Fn::Sub}. */
  static String sub(Object value) {
    return ((Map<?, ?>) value).get("Fn::Sub").toString();
  }

  /** Returns the first group of each match. */
  static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** Returns the first group of each match; fails without a match. */
  static List<String> some(String pattern, String text) {
    List<String> found = all(pattern, text);
    assertThat(found).as(pattern).isNotEmpty();
    return found;
  }

  /** Returns the first group of the first match; fails without a match. */
  static String first(String pattern, String text) {
    return some(pattern, text).getFirst();
  }
}
