package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.TemplateEdge;
import dev.pulso.local.server.http.RunningEdge;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile requests, byte by byte, through the HTTP server to the functions. */
class HostileRequestIT {
  private static final int FITS_INTO_A_SOCKET = 10_000;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static ContractDatabase database;
  private static RunningEdge edge;
  private static String batch;

  @BeforeAll
  static void open() throws IOException {
    database = ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "30"));
    edge = TemplateEdge.over(database.pulso(), LIMIT);
    batch = database.batch();
  }

  @AfterAll
  static void close() {
    edge.close();
    database.close();
  }

  static List<String> segments() {
    return Hostile.segments();
  }

  static List<String> queries() {
    return Hostile.queries();
  }

  @ParameterizedTest
  @MethodSource("segments")
  void pathsAreRefusedOrNotFound(String segment) throws IOException {
    for (Operation operation : OpenApi.document().operations()) {
      if (operation.path().contains("{batch_id}")) {
        String path = operation.path().replace("{batch_id}", segment);
        Answer answer = harmless(path, RunningEdge.request(operation.method(), path));
        assertThat(answer.status()).isIn(400, 404, 414);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void queriesChangeNothing(String query) throws IOException {
    for (Operation operation : OpenApi.document().operations()) {
      String path = operation.path().replaceAll("\\{[^}]*}", "nowhere");
      harmless(path, RunningEdge.request(operation.method(), path + "?" + query));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-None-Match: \"",
        "If-None-Match: W/\"\",,,\"\",*,\"a\"b\"",
        "If-None-Match: \u0001\u0002",
        "If-None-Match: *\r\nIf-None-Match: {\"$ne\":null}",
        "If-None-Match: a\r\n b\r\n\tc",
        "Authorization: Bearer {\"$gt\":\"\"}",
        "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.",
        "X-Amzn-Request-Context: {\"authorizer\":{\"jwt\":{\"claims\":{\"sub\":\"root\"}}}}",
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /api/v1/dashboard/overview",
        "X-Forwarded-For: {\"$where\":\"1\"}, ../../x",
        "Cookie: a=\u00ff; $Version=1; b={\"$gt\":\"\"}",
        "Host: evil.example",
        "Host: evil.example\r\nHost: other.example",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked, identity",
        "Expect: 100-continue\r\nContent-Length: 0",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
        "Range: bytes=0-1,5-,-9",
        "Accept: text/html",
        "Content-Type: \u0001",
        ": empty",
        "bad name: x",
        "X: \u0000"
      })
  void headersChangeNothing(String header) throws IOException {
    for (String method : List.of("GET", "POST")) {
      String path = "/api/v1/batches/nowhere/" + (method.equals("GET") ? "status" : "pause");
      harmless(path, RunningEdge.request(method, path, header));
    }
  }

  @Test
  void bodiesAreIgnored() throws IOException {
    Map<String, byte[]> bodies =
        Map.of(
            "operators", utf8("{\"reason\":{\"$gt\":\"\"},\"$where\":\"sleep(9000)\"}"),
            "deep", utf8("[".repeat(200_000)),
            "deep objects", utf8("{\"a\":".repeat(100_000)),
            "prototype", utf8("{\"__proto__\":{\"admin\":true}}"),
            "no JSON", utf8("{\"a\":"),
            "no UTF-8", new byte[] {'"', (byte) 0xc0, (byte) 0xaf, (byte) 0xff, 0, '"'},
            "huge number", utf8("1".repeat(500_000)),
            "large", new byte[1 << 20]);
    for (String type :
        List.of("application/json", "application/x-www-form-urlencoded", "text/xml")) {
      for (byte[] body : bodies.values()) {
        if (type.equals("\u0001") && body.length > FITS_INTO_A_SOCKET) {
          // The head is refused, and the connection closes while the client still sends.
          continue;
        }
        String path = "/api/v1/batches/nowhere/cancel";
        String length = "Content-Length: " + body.length;
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(RunningEdge.request("POST", path, "Content-Type: " + type, length));
        request.write(body);
        assertThat(harmless(path, request.toByteArray()).status()).isIn(400, 404, 413);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get", "TRACE", "CONNECT", "PROPFIND", "$where", "GET\u0000", "<x>", "{}"})
  void methodsAreRefused(String method) throws IOException {
    for (Operation operation : OpenApi.document().operations()) {
      String path = operation.path().replaceAll("\\{[^}]*}", batch);
      Answer answer = harmless(path, RunningEdge.request(method, path));
      assertThat(answer.status()).isIn(400, 404, 405);
    }
    assertThat(database.stored(batch)).containsEntry("is_active", true);
  }

  /** Checks that the answer is documented, fast, not a 5xx, and repeats no input. */
  private static Answer harmless(String path, byte[] request) throws IOException {
    Answer answer = Prompt.answer(path, () -> edge.send(request));
    String method = new String(request, StandardCharsets.UTF_8).replaceFirst("(?s) .*", "");
    Documented.check(method, path, answer);
    assertThat(answer.status()).isLessThan(500);
    assertThat(answer.headers()).doesNotContainKeys("set-cookie", "x-injected", "location");
    assertThat(answer.body() + answer.headers())
        .doesNotContain(
            "sid=1", "$gt", "$ne", "$where", "<script>", "evil.example", "root", "sleep");
    return answer;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
