package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static final String CANCEL = "/api/v1/batches/batch-1/cancel";
  private static final CorsRules RULES =
      new CorsRules(
          List.of("https://app.example.com"),
          List.of("GET", "POST"),
          List.of("authorization", "content-type"),
          List.of("etag"),
          600);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com",
        "http://localhost:3000",
        "https://localhost",
        "http://127.0.0.1:5173",
        "http://[::1]:8080"
      })
  void allowedOriginsGetCorsHeaders(String origin) throws IOException {
    try (RunningEdge edge = edge()) {
      Answer preflight =
          edge.send(
              RunningEdge.request(
                  "OPTIONS",
                  CANCEL,
                  "Origin: " + origin,
                  "Access-Control-Request-Method: POST",
                  "Access-Control-Request-Headers: authorization"));
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.header("access-control-allow-origin")).contains(origin);
      assertThat(preflight.header("access-control-allow-methods")).contains("GET,POST");
      assertThat(preflight.header("access-control-allow-headers"))
          .contains("authorization,content-type");
      assertThat(preflight.header("access-control-max-age")).contains("600");

      Answer reply =
          edge.send(RunningEdge.request("POST", CANCEL, "Origin: " + origin, "Content-Length: 0"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("access-control-allow-origin")).contains(origin);
      assertThat(reply.header("access-control-expose-headers")).contains("etag");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://localhost.evil.example",
        "http://localhost:3000@evil.example",
        "null"
      })
  void otherOriginsGetNone(String origin) throws IOException {
    try (RunningEdge edge = edge()) {
      Answer preflight =
          edge.send(
              RunningEdge.request(
                  "OPTIONS", CANCEL, "Origin: " + origin, "Access-Control-Request-Method: POST"));
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.headers()).doesNotContainKey("access-control-allow-origin");
      Answer reply =
          edge.send(RunningEdge.request("POST", CANCEL, "Origin: " + origin, "Content-Length: 0"));
      assertThat(reply.headers()).doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void serverProblemsHaveCorsHeaders() throws IOException {
    try (RunningEdge edge = edge()) {
      Answer reply = edge.get("/nowhere", "Origin: https://app.example.com");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("access-control-allow-origin")).contains("https://app.example.com");
    }
  }

  @Test
  void allOriginsBecomeStar() throws IOException {
    CorsRules all = new CorsRules(List.of("*"), List.of(), List.of(), List.of(), 0);
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> RunningEdge.ok("{}"), HttpEdge.GATEWAY_TIME_LIMIT, all)) {
      Answer reply = edge.get("/nowhere", "Origin: https://any.example");
      assertThat(reply.header("access-control-allow-origin")).contains("*");
    }
  }

  /** Its function also sets CORS headers, which API Gateway ignores. */
  private static RunningEdge edge() throws IOException {
    return new RunningEdge(
        (event, context) ->
            APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withHeaders(Map.of("access-control-allow-origin", "https://function.example"))
                .build(),
        HttpEdge.GATEWAY_TIME_LIMIT,
        RULES);
  }
}
