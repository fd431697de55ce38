package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostGuardTest {
  private static final Page PAGE = Page.of("/metrics", "text/plain", () -> new byte[] {'x'});

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/batches/b/status",
        "GET /metrics",
        "GET /events",
        "OPTIONS /api/v1/batches/b/cancel",
        "POST /api/v1/batches/b/cancel"
      })
  void otherHostsAreRefused(String start) throws IOException {
    try (RunningEdge edge = RunningEdge.named("localhost"::equals, PAGE)) {
      Answer refused = edge.send(request(start, "rebound.example:8000"));
      assertThat(refused.status()).isEqualTo(421);
      assertThat(refused.body())
          .contains("\"code\":\"UNKNOWN_HOST\"", "the name rebound.example.", "--host");
    }
  }

  @Test
  void ownHostIsAnswered() throws IOException {
    try (RunningEdge edge = RunningEdge.named("localhost"::equals, PAGE)) {
      assertThat(edge.send(request("GET /metrics", "localhost:8000")).status()).isEqualTo(200);
    }
  }

  private static byte[] request(String start, String host) {
    return "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
        .formatted(start, host)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
