package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.openapi.Answer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * A response of a handler.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the text
 * @param json the parsed object, empty if there is none; keys keep their order
 */
record Reply(int status, Map<String, String> headers, String body, Document json) {

  static Reply of(Answer answer) {
    Document json = answer.body().startsWith("{") ? Document.parse(answer.body()) : new Document();
    return new Reply(answer.status(), answer.headers(), answer.body(), json);
  }

  /** Checks that it is a success, and returns it. */
  Reply ok() {
    assertThat(status).as(body).isEqualTo(200);
    assertThat(headers).containsEntry("Content-Type", "application/json; charset=utf-8");
    return this;
  }

  /** Checks that it is a complete problem document with this status and code, and returns it. */
  Reply problem(int expectedStatus, String code) {
    assertThat(status).as(body).isEqualTo(expectedStatus);
    assertThat(headers).containsEntry("Content-Type", "application/problem+json");
    assertThat(keys()).startsWith("type", "title", "status", "detail", "code", "message");
    assertThat(json.getString("type")).startsWith("urn:pulso:problem:");
    assertThat(json.getString("title")).isNotBlank();
    assertThat(json.get("status")).isEqualTo(expectedStatus);
    assertThat(json.getString("detail")).isNotBlank();
    assertThat(json.getString("code")).isEqualTo(code);
    assertThat(json.getString("message")).isEqualTo(json.getString("detail"));
    assertThat(body).doesNotContain("Exception", "mongodb", "27017", "127.0.0.1", "localhost");
    return this;
  }

  List<String> keys() {
    return List.copyOf(json.keySet());
  }

  /** Returns a value by its path, such as {@code detailed_stats.jobs.today}. */
  Object at(String path) {
    Object value = json;
    for (String key : path.split("\\.")) {
      value = ((Document) value).get(key);
    }
    return value;
  }

  long count(String path) {
    return ((Number) at(path)).longValue();
  }

  /** Returns a number as written, without trailing zeros. */
  BigDecimal decimal(String path) {
    return Oracle.plain(new BigDecimal(at(path).toString()));
  }
}
