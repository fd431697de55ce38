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

/** What can be watched of a deployment that has everything, and what is written about it. */
final class Watched {
  static final Path TEMPLATE = Project.root().resolve("template.yaml");

  /** The names of all that functions and upkeep measure. */
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
            Map.of("RedisUrl", "redis://cache.example:6379", "AlarmEmail", "on-call@example.com"));
    watch = deployment.nested("Watch");
    functions = TemplateReader.read(TEMPLATE).functions();
    assertThat(functions).isNotEmpty();
    runbook = Files.readString(Project.root().resolve("docs/runbook.md"));
  }

  /** The properties of all alarms, by their names. */
  Map<String, Map<?, ?>> alarms() {
    Map<String, Map<?, ?>> alarms = deployment.all("AWS::CloudWatch::Alarm");
    alarms.putAll(watch.all("AWS::CloudWatch::Alarm"));
    return alarms;
  }

  /** What metrics and log lines call the functions. */
  Set<String> endpoints() {
    return functions.stream().map(Watched::endpoint).collect(Collectors.toSet());
  }

  /** What metrics and log lines call this function. */
  static String endpoint(FunctionDefinition function) {
    return function
        .name()
        .replaceFirst("Function$", "")
        .replaceAll("(?<!^)([A-Z])", "-$1")
        .toLowerCase(Locale.ROOT);
  }

  /** The text of an {@code Fn::Sub}. */
  static String sub(Object value) {
    return ((Map<?, ?>) value).get("Fn::Sub").toString();
  }

  /** The first group of each match. */
  static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** The first group of each match, of which there has to be one. */
  static List<String> some(String pattern, String text) {
    List<String> found = all(pattern, text);
    assertThat(found).as(pattern).isNotEmpty();
    return found;
  }

  /** The first group of the first match, which has to be there. */
  static String first(String pattern, String text) {
    return some(pattern, text).getFirst();
  }
}
