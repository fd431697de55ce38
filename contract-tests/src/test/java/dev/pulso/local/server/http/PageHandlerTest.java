package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pages that the server answers without a function. */
class PageHandlerTest {
  private final AtomicInteger reads = new AtomicInteger();
  private final Page page =
      Page.of(
          "/metrics",
          "text/plain; version=0.0.4",
          () -> ("reads " + reads.incrementAndGet()).getBytes(StandardCharsets.UTF_8));

  @Test
  void pageIsReadAtEachRequest() throws IOException {
    try (RunningEdge edge = edge()) {
      assertThat(edge.get("/metrics").body()).isEqualTo("reads 1");
      Answer reply = edge.get("/metrics?any=thing");
      assertThat(reply.body()).isEqualTo("reads 2");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("content-type")).contains("text/plain; version=0.0.4");
      assertThat(reply.header("cache-control")).contains("no-store");
      Answer head = edge.send(RunningEdge.request("HEAD", "/metrics"));
      assertThat(head.body()).isEmpty();
      assertThat(head.header("content-length")).contains("7");
    }
  }

  @Test
  void otherPathsGoToFunctions() throws IOException {
    try (RunningEdge edge = edge()) {
      assertThat(edge.get("/api/v1/batches/b/status").body()).isEqualTo("{}");
      for (Answer other :
          List.of(
              edge.get("/metrics/"),
              edge.get("/api/v1/metrics"),
              edge.send(RunningEdge.request("POST", "/metrics")))) {
        assertThat(other.status()).isEqualTo(404);
      }
      assertThat(reads).hasValue(0);
    }
  }

  @Test
  void pageForOneHostIsHiddenFromOthers() throws IOException {
    Page here = page.at("localhost"::equals);
    try (RunningEdge edge = RunningEdge.withPage(here, (event, context) -> null)) {
      assertThat(edge.get("/metrics").status()).isEqualTo(200);
      byte[] elsewhere =
          "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.UTF_8);
      assertThat(edge.send(elsewhere).status()).isEqualTo(404);
    }
  }

  private RunningEdge edge() throws IOException {
    return RunningEdge.withPage(page, (event, context) -> RunningEdge.ok("{}"));
  }
}
