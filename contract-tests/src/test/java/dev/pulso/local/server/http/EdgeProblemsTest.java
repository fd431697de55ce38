package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pulso.fixture.Eventually;
import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeProblemsTest {
  private static final String STATUS = "/api/v1/batches/batch-1/status";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/batches/%zz/status",
        "/api/v1/batches/%/status",
        "/api/v1/batches/%4/status",
        "/api/v1/batches/%C3/status",
        "/api/v1/batches/%C0%AF/status",
        "/api/v1/batches/%ED%A0%80/status",
        "/api/v1/batches/%00/status",
        STATUS + "?a=%",
        STATUS + "?a=%ff",
        STATUS + "?%g0=1"
      })
  void malformedPercentEncodingIsRefused(String target) throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> RunningEdge.ok("{}"))) {
      assertProblem(edge.get(target), 400, "MALFORMED_REQUEST");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1",
        "/api/v1/batches//status",
        STATUS + "/",
        "//api/v1/dashboard/overview",
        "/api/v1/dashboard/../dashboard/overview",
        "/api/v1/batches/a/b/status",
        "/api/v1/batches/x/status;a=b"
      })
  void unroutedRequestIsNotFound(String target) throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> RunningEdge.ok("{}"))) {
      assertProblem(edge.get(target), 404, "NOT_FOUND");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b",
    "%2e%2e, ..",
    "a%5Cb, a\\b",
    "a;b, a;b",
    "a+b, a+b",
    "solicit%C3%B3, solicitó",
    "%F0%9F%93%9E, 📞",
    "%25, %"
  })
  void pathSegmentsReachFunctionDecoded(String segment, String value) throws IOException {
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> RunningEdge.ok(event.getPathParameters().get("batch_id")))) {
      Answer reply = edge.get("/api/v1/batches/" + segment + "/status");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(value);
    }
  }

  @Test
  void bodiesOverOneMebibyteAreRefused() throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> RunningEdge.ok("{}"))) {
      byte[] announced =
          RunningEdge.request("POST", STATUS, "Content-Length: " + (RequestBody.LIMIT_BYTES + 1));
      assertProblem(edge.send(announced), 413, "BODY_TOO_LARGE");
      assertProblem(edge.send(chunked(RequestBody.LIMIT_BYTES + 1)), 413, "BODY_TOO_LARGE");
      assertThat(edge.send(chunked(RequestBody.LIMIT_BYTES)).status()).isEqualTo(200);
    }
  }

  @Test
  void slowBodiesAreRefused() throws IOException {
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> RunningEdge.ok("{}"), Duration.ofMillis(200), CorsRules.NONE)) {
      byte[] head = RunningEdge.request("POST", STATUS, "Content-Length: 100000");
      assertProblem(edge.trickle(head), 408, "REQUEST_TIMEOUT");
    }
  }

  @Test
  void nonHttpIsRefused() throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> RunningEdge.ok("{}"))) {
      assertProblem(edge.send(ascii("nonsense\r\n\r\n")), 400, "MALFORMED_REQUEST");
      assertProblem(
          edge.send(ascii("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")),
          400,
          "MALFORMED_REQUEST");
      assertProblem(
          edge.send(ascii("GET / HTTP/7.3\r\nHost: a\r\n\r\n")), 505, "HTTP_VERSION_NOT_SUPPORTED");
      assertProblem(
          edge.send(ascii("GET / HTTP/1.1\r\nHost: a\r\nbad name: x\r\n\r\n")),
          400,
          "MALFORMED_REQUEST");
      assertProblem(
          edge.send(RunningEdge.request("GET", STATUS, "X-Long: " + "x".repeat(20_000))),
          431,
          "HEADERS_TOO_LARGE");
      assertProblem(edge.get("/" + "x".repeat(20_000)), 414, "URI_TOO_LONG");
    }
  }

  @Test
  void functionFailuresShowNoInternals() throws IOException {
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> {
              throw new IllegalStateException("secret host db-1");
            })) {
      Answer reply = edge.get(STATUS);
      assertProblem(reply, 500, "INTERNAL_ERROR");
      assertThat(reply.body()).doesNotContain("secret", "db-1", "Exception");
    }
  }

  @Test
  void emptyAnswersFail() throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> null)) {
      assertProblem(edge.get(STATUS), 500, "INTERNAL_ERROR");
    }
  }

  @Test
  void slowFunctionsAreEnded() throws Exception {
    AtomicBoolean begun = new AtomicBoolean();
    CountDownLatch interrupted = new CountDownLatch(1);
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> {
              begun.set(true);
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return RunningEdge.ok("{}");
            },
            Duration.ofMillis(200),
            CorsRules.NONE)) {
      // On a busy machine the time may be over before it begins.
      Eventually.isTrue(
          Duration.ofSeconds(60),
          () -> {
            assertProblem(edge.get(STATUS), 503, "GATEWAY_TIMEOUT");
            return begun.get();
          });
      assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void assertProblem(Answer reply, int status, String code) throws IOException {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    assertThat(reply.header("content-type")).contains("application/problem+json");
    JsonNode problem = JsonMapper.builder().build().readTree(reply.body());
    assertThat(problem.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("type", "title", "status", "detail", "code", "message");
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("code").textValue()).isEqualTo(code);
    assertThat(problem.get("message")).isEqualTo(problem.get("detail"));
  }

  private static byte[] chunked(int size) {
    byte[] head = RunningEdge.request("POST", STATUS, "Transfer-Encoding: chunked");
    String body = Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n0\r\n\r\n";
    return (new String(head, StandardCharsets.UTF_8) + body).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
