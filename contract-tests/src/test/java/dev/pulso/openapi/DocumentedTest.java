package dev.pulso.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deviations from openapi.yaml are detected. */
class DocumentedTest {
  private static final String ADDRESS = "/api/v1/batches/batch-20251015-abc123/status";
  private static final String BODY =
      """
      {"batch_id":"batch-20251015-abc123","is_active":true,"total_jobs":1924,"pending_jobs":1850,\
      "completed_jobs":70,"failed_jobs":4,"suspended_jobs":0,"total_cost":125.5,\
      "total_minutes":45.3,"progress_percentage":3.64,\
      "started_at":"2025-01-15T10:30:00.000000Z","completed_at":null}\
      """;
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-type", "application/json; charset=utf-8",
          "etag", "\"8c4b1f0e6d2a9735\"",
          "cache-control", "private, no-cache",
          "x-content-type-options", "nosniff",
          "date", "Wed, 15 Oct 2025 10:30:00 GMT");

  @Test
  void exampleOfContractIsDocumented() {
    assertThat(Documented.violations("GET", ADDRESS, new Answer(200, HEADERS, BODY))).isEmpty();
  }

  @Test
  void undocumentedStatusIsDetected() {
    assertThat(wrong("GET", new Answer(299, HEADERS, BODY))).contains("299 is no answer");
    assertThat(wrong("POST", new Answer(200, HEADERS, BODY))).contains("200 is no answer to POST");
  }

  @ParameterizedTest
  @CsvSource({
    "etag, , the header ETag is missing",
    "etag, W/figures, pattern",
    "cache-control, no-store, const",
    "x-content-type-options, , is missing",
    "x-powered-by, x, x-powered-by is not documented",
    "content-type, text/html, text/html",
    "content-type, , content type"
  })
  void undocumentedHeaderIsDetected(String name, String value, String notice) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.remove(name);
    if (value != null) {
      headers.put(name, value);
    }
    assertThat(wrong("GET", new Answer(200, headers, BODY))).contains(notice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                      | {{                  | no JSON",
        "\"is_active\"          | \"active\"          | 'active'",
        "1924                   | \"1924\"            | total_jobs",
        "1924                   | -1                  | total_jobs",
        "1924                   | 1924.5              | total_jobs",
        "125.5                  | 0.30000000000000004 | decimals",
        ".000000Z               | Z                   | started_at",
        "\"completed_at\":null  | \"a\":1             | 'completed_at'",
        "null                   | null,\"more\":1     | 'more'"
      })
  void undocumentedBodyIsDetected(String text, String instead, String notice) {
    String body = BODY.replace(text, instead);
    assertThat(body).isNotEqualTo(BODY);
    assertThat(wrong("GET", new Answer(200, HEADERS, body))).contains(notice);
  }

  @Test
  void otherTitleIsDetected() {
    String problem =
        """
        {"type":"urn:pulso:problem:batch-not-found","title":"Gone","status":404,\
        "detail":"Batch not found","code":"BATCH_NOT_FOUND","message":"Batch not found"}\
        """;
    Map<String, String> headers = Map.of("content-type", "application/problem+json");
    assertThat(wrong("GET", new Answer(404, headers, problem))).contains("Gone is not the title");
  }

  @Test
  void unexpectedContentIsDetected() {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.keySet().removeAll(java.util.List.of("content-type", "x-content-type-options"));
    assertThat(Documented.violations("GET", ADDRESS, new Answer(304, headers, ""))).isEmpty();
    assertThat(wrong("GET", new Answer(304, headers, BODY))).contains("content");
  }

  @Test
  void unknownPathIsProblem() {
    assertThat(Documented.violations("GET", "/api/v1/batches", new Answer(200, HEADERS, BODY)))
        .isNotEmpty();
  }

  private static String wrong(String method, Answer answer) {
    return String.join("; ", Documented.violations(method, ADDRESS, answer));
  }
}
