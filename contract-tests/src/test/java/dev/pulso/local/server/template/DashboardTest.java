package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static dev.pulso.local.server.template.Watched.all;
import static dev.pulso.local.server.template.Watched.first;
import static dev.pulso.local.server.template.Watched.some;
import static dev.pulso.local.server.template.Watched.sub;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares dashboard, saved queries and access log with metrics and log fields. */
class DashboardTest {
  private static final int COLUMNS = 24;

  /** The fields of log lines: of requests, of failures, and those that Lambda adds. */
  private static final Set<String> FIELDS =
      words(
          """
          at level event request_id endpoint route method status outcome caller account batch
          duration_ms database_ms database_calls cold_start recount cache code
          failure step index type record @timestamp @log @message
          """);

  private static final Set<String> QUERY_LANGUAGE =
      words(
          "parse filter fields stats sort limit by as desc and or in count avg max earliest latest bin");

  private final Watched watched = new Watched();
  private final JsonNode dashboard =
      new ObjectMapper().readTree(sub(watched.watch.resource("Dashboard").get("DashboardBody")));

  DashboardTest() throws IOException {}

  @Test
  void dashboardShowsExactlyAllMetrics() {
    Set<String> metrics =
        new TreeSet<>(
            all(
                "\\{Pulso,[^']*MetricName=\"(\\w+)\"",
                dashboard.findValuesAsText("expression").toString()));
    assertThat(namedMetrics()).isNotEmpty();
    for (JsonNode metric : namedMetrics()) {
      metrics.add(metric.get(1).asText());
      assertThat(metric.get(2).asText()).isEqualTo("stack");
      assertThat(metric.get(3).asText()).isEqualTo("${AWS::StackName}");
      assertThat(metric.get(4).asText()).isEqualTo("endpoint");
      assertThat(watched.endpoints()).contains(metric.get(5).asText());
    }
    assertThat(metrics).isEqualTo(Watched.METRICS);
  }

  @Test
  void everyAlarmIsShown() {
    Set<String> shown = new TreeSet<>();
    dashboard.findValues("alarms").forEach(all -> all.forEach(each -> shown.add(each.asText())));
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            watched.alarms().keySet().stream()
                // Exists only with Redis; the text of the dashboard names it always.
                .filter(name -> !name.equals("LimiterFailures"))
                .map(name -> "${" + name + ".Arn}")
                .toList());
  }

  @Test
  void everyFunctionIsShownAndQueried() {
    String crashes = search("Errors");
    assertThat(search("ConcurrentExecutions")).isEqualTo(crashes);
    assertThat(search("Throttles")).isEqualTo(crashes);
    String slowest = queries().get("slowest requests").get("LogGroupNames").toString();
    String failures = queries().get("crashes and failures").get("LogGroupNames").toString();
    for (FunctionDefinition function : watched.functions) {
      assertThat(crashes).contains("\"${" + function.name() + "}\"");
      String logs = "${" + function.name().replaceFirst("Function$", "Logs") + "}";
      if (function.scheduled()) {
        assertThat(failures).contains("/" + Watched.endpoint(function));
      } else {
        assertThat(slowest).contains(logs);
        assertThat(failures).contains(logs);
      }
    }
  }

  @Test
  void noWidgetCoversAnother() {
    Set<String> taken = new TreeSet<>();
    assertThat(dashboard.get("widgets")).isNotEmpty();
    for (JsonNode widget : dashboard.get("widgets")) {
      int x = widget.get("x").asInt();
      int y = widget.get("y").asInt();
      assertThat(x + widget.get("width").asInt()).isLessThanOrEqualTo(COLUMNS);
      for (int column = x; column < x + widget.get("width").asInt(); column++) {
        for (int row = y; row < y + widget.get("height").asInt(); row++) {
          assertThat(taken.add(column + "/" + row)).as(title(widget)).isTrue();
        }
      }
    }
  }

  /** These are the whole account's, which may have the same stack in another region. */
  @Test
  void namesOfDashboardAndBudgetHaveRegion() throws IOException {
    String name = "${AWS::StackName}-${AWS::Region}";
    assertThat(sub(watched.watch.resource("Dashboard").get("DashboardName"))).isEqualTo(name);
    assertThat(sub(map(watched.watch.resource("Budget"), "Budget").get("BudgetName")))
        .isEqualTo(name);
    assertThat(Files.readString(Watched.TEMPLATE)).contains("#dashboards:name=" + name + "\n");
  }

  @Test
  void runbookNamesExistingWidgetsAndQueries() {
    List<String> widgets = new ArrayList<>();
    dashboard.get("widgets").forEach(widget -> widgets.add(title(widget)));
    assertThat(widgets)
        .containsAll(some("[Ww]idget _([^_]+)_", watched.runbook))
        .doesNotHaveDuplicates();
    assertThat(queries().keySet()).containsAll(some("[Qq]uery _([^_]+)_", watched.runbook));
  }

  @Test
  void queriesUseLoggedFields() {
    queries()
        .forEach(
            (name, query) -> {
              String text = query.get("QueryString").toString();
              Set<String> asked = new TreeSet<>(all("(?<![.\\w])(@?[a-z_]+)", plain(text)));
              asked.removeAll(QUERY_LANGUAGE);
              all(" as ((?:\\w+, )*\\w+)", text)
                  .forEach(names -> asked.removeAll(Set.of(names.split(", "))));
              assertThat(FIELDS).as(name).containsAll(asked);
            });
  }

  @Test
  void queryReadsAccessLog() {
    String query = queries().get("refused by the gateway").get("QueryString").toString();
    String names = first("parse @message \"[*|]+\" as (.*)", query);
    int values = accessLog("false").split("\\|").length;
    assertThat(first("parse @message \"([*|]+)\"", query).split("\\|")).hasSize(values);
    assertThat(names.split(", ")).hasSize(values).startsWith("request_id", "status");
    assertThat(accessLog("false")).startsWith("$context.requestId|$context.status|");
    assertThat(accessLog("true")).isEqualTo(accessLog("false") + "|$context.routeKey");
  }

  @Test
  void accessLogIsShort() {
    String line =
        accessLog("false")
            .replace("$context.requestId", "JKJaXmPLvHcESHA=")
            .replace("$context.status", "200")
            .replace("$context.responseLatency", "12")
            .replaceAll("\\$context\\.[a-zA-Z.]+", "-");
    assertThat(line).isEqualTo("JKJaXmPLvHcESHA=|200|12|-|-|-").hasSizeLessThanOrEqualTo(40);
  }

  @Test
  void accessLogHasNoPersonalData() {
    assertThat(accessLog("true"))
        .contains("$context.routeKey")
        .doesNotContain("identity", "claims", "$context.path", "query");
  }

  private static String accessLog(String withRoutes) {
    try {
      Deployment deployment =
          new Deployment(Watched.TEMPLATE, Map.of("AccessLogRoutes", withRoutes));
      return map(deployment.resource("HttpApi"), "AccessLogSettings").get("Format").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Map<?, ?>> queries() {
    return watched.watch.all("AWS::Logs::QueryDefinition").values().stream()
        .collect(
            Collectors.toMap(
                query -> sub(query.get("Name")).replace("${AWS::StackName}/", ""), query -> query));
  }

  /** Returns the functions that a widget searches for this metric of Lambda. */
  private String search(String metric) {
    return first(
        "\\{AWS/Lambda,FunctionName} MetricName=\"" + metric + "\" \\(([^)]*)\\)'",
        String.join("\n", dashboard.findValuesAsText("expression")));
  }

  /** Returns the metrics that widgets name individually. */
  private List<JsonNode> namedMetrics() {
    return dashboard.findValues("metrics").stream()
        .flatMap(
            metrics -> Stream.iterate(0, i -> i < metrics.size(), i -> i + 1).map(metrics::get))
        .filter(metric -> metric.get(0).asText().equals("Pulso"))
        .toList();
  }

  private static String title(JsonNode widget) {
    return widget.at("/properties/title").asText();
  }

  /** Returns a query without its strings, patterns and time spans. */
  private static String plain(String query) {
    return query
        .replaceAll("\"[^\"]*\"", "")
        .replaceAll("/[^/\n]*/", "")
        .replaceAll("\\d+[mh]", "");
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
