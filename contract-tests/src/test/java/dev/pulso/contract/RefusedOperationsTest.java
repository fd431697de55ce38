package dev.pulso.contract;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of POST /api/v1/batch-operations that are rejected before the database is opened. */
class RefusedOperationsTest {
  private static final String VALID =
      "{\"action\":\"cancel\",\"account_id\":\"a\",\"dry_run\":true}";

  private final Api api = RefusedRequestsTest.withoutDatabase("true");

  static List<String> invalidBodies() {
    String ids = "\"batch_ids\":[\"a\"],";
    String cancel = "\"action\":\"cancel\",\"dry_run\":true";
    return List.of(
        "",
        "null",
        "[]",
        "\"cancel\"",
        "{",
        "{}",
        "{%s}".formatted(cancel),
        "{%s\"all\":true,%s}".formatted(ids, cancel),
        "{%s\"account_id\":\"a\",%s}".formatted(ids, cancel),
        "{\"all\":true,\"account_id\":\"a\",%s}".formatted(cancel),
        "{\"all\":false,%s}".formatted(cancel),
        "{\"all\":1,%s}".formatted(cancel),
        "{\"all\":\"true\",%s}".formatted(cancel),
        "{\"all\":null,%s}".formatted(cancel),
        "{\"all\":true,\"status\":\"active\",%s}".formatted(cancel),
        "{%s\"q\":\"x\",%s}".formatted(ids, cancel),
        "{\"batch_ids\":[],%s}".formatted(cancel),
        "{\"batch_ids\":\"a\",%s}".formatted(cancel),
        "{\"batch_ids\":[1],%s}".formatted(cancel),
        "{\"batch_ids\":[\"a\",null],%s}".formatted(cancel),
        "{\"batch_ids\":[[\"a\"]],%s}".formatted(cancel),
        "{\"batch_ids\":[\"\"],%s}".formatted(cancel),
        "{\"batch_ids\":[\"a\\u0000\"],%s}".formatted(cancel),
        "{\"batch_ids\":[\"%s\"],%s}".formatted("x".repeat(201), cancel),
        "{\"batch_ids\":[%s],%s}".formatted("\"a\",".repeat(1_000) + "\"a\"", cancel),
        "{\"account_id\":{\"$gt\":\"\"},%s}".formatted(cancel),
        "{\"account_id\":\" \",%s}".formatted(cancel),
        "{\"account_id\":\"\\ud800\",%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"status\":\"\",%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"status\":[\"active\"],%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"q\":\" \",%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"unknown\":1,%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"account_id\":\"b\",%s}".formatted(cancel),
        "{\"account_id\":\"a\",%s} {}".formatted(cancel),
        "{\"account_id\":\"a\",%s} x".formatted(cancel),
        "\ufeff{\"account_id\":\"a\",%s}".formatted(cancel),
        "{'account_id':'a',%s}".formatted(cancel),
        "{\"account_id\":\"a\",\"action\":\"CANCEL\",\"dry_run\":true}",
        "{\"account_id\":\"a\",\"action\":\"delete\",\"dry_run\":true}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"dry_run\":\"true\"}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"expected\":\"1\"}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"expected\":1.0}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"expected\":-1}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"expected\":1e400}",
        "{\"account_id\":\"a\",\"action\":\"cancel\",\"expected\":99999999999999999999}",
        "{\"account_id\":\"a\",\"action\":\"pause\",\"dry_run\":true,\"reason\":\"x\"}",
        "{\"account_id\":\"a\",\"reason\":1,%s}".formatted(cancel),
        "[".repeat(2_000),
        "{\"a\":".repeat(2_000));
  }

  @ParameterizedTest
  @MethodSource("invalidBodies")
  void whatIsNotUnderstoodIsRefused(String body) {
    send(body).problem(400, "INVALID_BODY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
  void otherMediaTypesAreRefused(String type) {
    Call call = Call.to("POST", Api.OPERATIONS).sending(VALID);
    api.send(call.having("content-type", type)).problem(415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void largeBodyIsRefused() {
    String body = VALID + " ".repeat(65_536);
    send(body).problem(413, "BODY_TOO_LARGE");
  }

  private Reply send(String body) {
    return api.send(Call.to("POST", Api.OPERATIONS).sending(body));
  }
}
