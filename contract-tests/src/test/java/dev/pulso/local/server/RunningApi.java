package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pulso.fixture.Eventually;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of {@code ./run}. Every answer must be in openapi.yaml. It asks again while the database
 * is too busy to answer.
 */
final class RunningApi implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int BUSY = 503;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final AtomicInteger asks = new AtomicInteger();

  RunningApi(int port) {
    base = "http://localhost:" + port + "/api/v1";
  }

  JsonNode status(String batch) throws IOException {
    return ok(get("/batches/" + batch + "/status"));
  }

  JsonNode summary(String batch) throws IOException {
    return ok(get("/batches/" + batch + "/summary"));
  }

  JsonNode overview() throws IOException {
    return ok(get("/dashboard/overview"));
  }

  /** Returns the value of a counter or gauge in /metrics. */
  double figure(String series) throws IOException, InterruptedException {
    URI metrics = URI.create(base).resolve("/metrics");
    HttpResponse<String> page =
        http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    return page.body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Returns the status line of an answer to a request that names another host. */
  String statusLineFor(String host) throws IOException {
    URI api = URI.create(base);
    try (Socket socket = new Socket(api.getHost(), api.getPort())) {
      String request = "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .findFirst()
          .orElseThrow();
    }
  }

  /** Returns the served openapi.yaml. */
  String openApi() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/openapi.yaml")).build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/yaml");
    return response.body();
  }

  CompletableFuture<HttpResponse<String>> cancel(String batch, String reason) {
    String query = "?reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8);
    URI uri = URI.create(base + "/batches/" + batch + "/cancel" + query);
    HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build();
    return CompletableFuture.supplyAsync(() -> answer(request), Thread::startVirtualThread);
  }

  static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isIn(200, 202);
    return JSON.readTree(response.body());
  }

  HttpResponse<String> get(String path) {
    return answer(HttpRequest.newBuilder(URI.create(base + path)).build());
  }

  private HttpResponse<String> answer(HttpRequest request) {
    return Eventually.answer(
        PATIENCE, () -> documented(request), response -> response.statusCode() != BUSY);
  }

  private HttpResponse<String> documented(HttpRequest request)
      throws IOException, InterruptedException {
    asks.incrementAndGet();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    Documented.check(request.method(), response.uri().getPath(), Answer.of(response));
    return response;
  }

  /** Returns how often it asked the API so far. */
  int asks() {
    return asks.get();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
