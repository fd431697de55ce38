package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.concurrent.CompletableFuture;

/** A client of {@code ./run}. Every answer must be in openapi.yaml. */
final class RunningApi implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;

  RunningApi(int port) {
    base = "http://localhost:" + port + "/api/v1";
  }

  JsonNode status(String batch) throws IOException, InterruptedException {
    return ok(get("/batches/" + batch + "/status"));
  }

  JsonNode summary(String batch) throws IOException, InterruptedException {
    return ok(get("/batches/" + batch + "/summary"));
  }

  JsonNode overview() throws IOException, InterruptedException {
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
    return http.sendAsync(
            HttpRequest.newBuilder(URI.create(base + "/batches/" + batch + "/cancel" + query))
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString())
        .thenApply(RunningApi::documented);
  }

  static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isIn(200, 202);
    return JSON.readTree(response.body());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return documented(
        http.send(
            HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString()));
  }

  private static HttpResponse<String> documented(HttpResponse<String> response) {
    String method = response.request().method();
    Documented.check(method, response.uri().getPath(), Answer.of(response));
    return response;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
