package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The one line of each request: a log entry and its metrics. */
class RequestLinesIT {
  private static final Map<String, String> OPERATOR =
      Map.of(
          "sub", ObservedApi.SUBJECT,
          "scope", "pulso:read pulso:operate",
          "account_ids", "[acc-chile-001]");
  private static final Map<String, String> READER =
      Map.of("sub", "somebody else", "scope", "pulso:read", "account_ids", "[acc-chile-001]");

  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @AutoClose private final ObservedApi api = new ObservedApi(database.options(Map.of()));

  @Test
  void lineHasOutcomeSubjectAndDuration() {
    JsonNode first =
        Eventually.answer(
            Duration.ofSeconds(60),
            RequestLinesIT::firstPoll,
            // On a busy machine the counters are shown before they are stored.
            line -> line.has("staleness_ms"));
    assertThat(fields(first))
        .isEqualTo(
            new TreeSet<>(
                Set.of(
                        "at level event stack release endpoint outcome request_id route method status"
                            + " caller",
                        "account batch duration_ms database_ms database_calls cold_start recount",
                        "cache code requests latency_ms cold_starts recounts recount_ms",
                        "staleness_ms _aws")
                    .stream()
                    .flatMap(names -> List.of(names.split(" ")).stream())
                    .toList()));
    assertThat(Instant.parse(text(first, "at")))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(text(first, "level")).isEqualTo("INFO");
    assertThat(text(first, "event")).isEqualTo("request");
    assertThat(text(first, "stack")).isEqualTo("test");
    assertThat(text(first, "endpoint")).isEqualTo("batch-status");
    assertThat(text(first, "outcome")).isEqualTo("ok");
    assertThat(text(first, "request_id")).isEqualTo("request-0815");
    assertThat(text(first, "route")).isEqualTo("ANY /api/v1/batches/{batch_id}/status");
    assertThat(text(first, "method")).isEqualTo("GET");
    assertThat(first.get("status").intValue()).isEqualTo(200);
    assertThat(text(first, "account")).isEqualTo("acc-chile-001");
    assertThat(first.get("cold_start").booleanValue()).isTrue();
    assertThat(first.get("recount").booleanValue()).isTrue();
    assertThat(first.get("database_calls").intValue()).isGreaterThan(3);
    assertThat(first.get("database_ms").doubleValue())
        .isPositive()
        .isLessThanOrEqualTo(first.get("latency_ms").doubleValue());
    assertThat(first.get("recount_ms").doubleValue())
        .isPositive()
        .isLessThanOrEqualTo(first.get("latency_ms").doubleValue());
    assertThat(first.get("duration_ms")).isEqualTo(first.get("latency_ms"));
    assertThat(EmbeddedMetrics.units(first))
        .containsOnly(
            Map.entry("requests", "Count"),
            Map.entry("latency_ms", "Milliseconds"),
            Map.entry("database_ms", "Milliseconds"),
            Map.entry("cold_starts", "Count"),
            Map.entry("recounts", "Count"),
            Map.entry("recount_ms", "Milliseconds"),
            Map.entry("staleness_ms", "Milliseconds"));

    String batch = text(first, "batch");
    assertThat(api.status(batch)).isEqualTo(200);
    api.lines();
    database.settle(batch);
    database.changeBatch(batch, set("pulso.figures.taken_at", new Date(0)));
    assertThat(api.status(batch)).isEqualTo(200);
    JsonNode second = api.line();
    assertThat(second.get("cold_start").booleanValue()).isFalse();
    assertThat(second.get("recount").booleanValue()).isFalse();
    assertThat(second.get("database_calls").intValue()).isEqualTo(1);
    assertThat(second.get("staleness_ms").doubleValue()).isGreaterThan(1e12);
    assertThat(EmbeddedMetrics.units(second))
        .containsOnlyKeys("requests", "latency_ms", "database_ms", "staleness_ms");
  }

  /** Returns the line of a new process about a new batch. */
  private static JsonNode firstPoll() {
    String batch = database.batch();
    database.jobs(jobs(3, batch, "pending"));
    try (ObservedApi cold = new ObservedApi(database.options(Map.of()))) {
      assertThat(cold.status(batch)).isEqualTo(200);
      JsonNode line = cold.line();
      assertThat(text(line, "batch")).isEqualTo(batch);
      return line;
    }
  }

  @Test
  void revalidationIsLoggedAsNotModified() {
    String batch = database.batch();
    assertThat(api.status(batch, Map.of("If-None-Match", "*"), Map.of())).isEqualTo(304);
    JsonNode line = api.line();
    assertThat(text(line, "outcome")).isEqualTo("not_modified");
    assertThat(line.get("status").intValue()).isEqualTo(304);
    assertThat(EmbeddedMetrics.units(line)).doesNotContainKeys("errors", "client_errors");
  }

  @Test
  void callersAreHashed() {
    String batch = database.batch();
    assertThat(api.status(batch, Map.of(), OPERATOR)).isEqualTo(200);
    String operator = text(api.line(), "caller");
    assertThat(operator).matches("[0-9a-f]{16}");
    assertThat(api.cancel(batch, OPERATOR)).isIn(200, 202);
    assertThat(text(api.line(), "caller")).isEqualTo(operator);
    assertThat(api.status(batch, Map.of(), READER)).isEqualTo(200);
    assertThat(text(api.line(), "caller")).matches("[0-9a-f]{16}").isNotEqualTo(operator);
    assertThat(api.status(batch)).isEqualTo(200);
    assertThat(api.line().get("caller").isNull()).isTrue();
  }

  @Test
  void cancelLogsNumberOfJobs() {
    JsonNode line = cancel(3, Map.of());
    assertThat(text(line, "endpoint")).isEqualTo("batch-cancel");
    assertThat(line.get("status").intValue()).isEqualTo(200);
    assertThat(line.get("jobs_cancelled").intValue()).isEqualTo(5);
    assertThat(line.get("recount").booleanValue()).isTrue();
    assertThat(api.cancel(text(line, "batch"), OPERATOR)).isIn(200, 202);
    assertThat(api.line().has("jobs_cancelled")).isFalse();

    JsonNode halved = cancel(8_998, Map.of("pending_jobs", 9_000));
    assertThat(halved.get("status").intValue()).isEqualTo(200);
    assertThat(halved.get("jobs_cancelled").intValue()).isEqualTo(9_000);
    assertThat(calls(halved))
        .as("besides: the middle and both halves; the wait for a snapshot, its counts and its sums")
        .isEqualTo(calls(line) + 3 + 3);
  }

  /**
   * Cancels such batches in time; returns the line with the fewest commands, as of an idle server.
   */
  private JsonNode cancel(int pending, Map<String, Object> counters) {
    return Stream.generate(() -> cancelOne(pending, counters))
        .limit(30)
        .filter(line -> line.get("status").intValue() == 200)
        .limit(3)
        .min(Comparator.comparingInt(RequestLinesIT::calls))
        .orElseThrow();
  }

  private JsonNode cancelOne(int pending, Map<String, Object> counters) {
    Document batch = batch(ContractDatabase.name("batch"));
    batch.putAll(counters);
    String id = database.batch(batch);
    database.jobs(jobs(pending, id, "pending"));
    database.jobs(jobs(2, id, "scheduled"));
    database.jobs(jobs(4, id, "done"));
    api.cancel(id, OPERATOR);
    return api.line();
  }

  private static int calls(JsonNode line) {
    return line.get("database_calls").intValue();
  }

  @Test
  void overviewLogsItsAccount() {
    database.db().accounts().insertOne(new Document("account_id", "acc-line"));
    assertThat(api.overview("account_id=acc-line")).isEqualTo(200);
    JsonNode line = api.line();
    assertThat(text(line, "endpoint")).isEqualTo("dashboard-overview");
    assertThat(text(line, "account")).isEqualTo("acc-line");
    assertThat(line.get("batch").isNull()).isTrue();
  }

  @Test
  void everyEndpointHasFunctionsName() {
    String batch = database.batch();
    api.status(batch);
    api.summary(batch);
    api.pause("POST", batch);
    assertThat(api.operate(batch)).isEqualTo(202);
    api.cancel(batch, Map.of());
    api.overview("");
    api.list("");
    api.details(batch);
    api.accounts();
    assertThat(api.lines())
        .extracting(line -> text(line, "endpoint"))
        .containsExactly(
            "batch-status",
            "batch-summary",
            "batch-pause",
            "batch-operations",
            "batch-cancel",
            "dashboard-overview",
            "batch-list",
            "batch-details",
            "account-list");
  }

  private static String text(JsonNode line, String field) {
    return line.get(field).textValue();
  }

  private static Set<String> fields(JsonNode line) {
    Set<String> names = new TreeSet<>();
    line.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
