package dev.pulso.bench.process;

import dev.pulso.fixture.Eventually;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A client of a running {@link ApiMain}. */
public final class Api implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int UNAVAILABLE = 503;
  private static final Pattern PORT = Pattern.compile("^port ([0-9]+)$");

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger refused = new AtomicInteger();
  private final Child child;
  private final String base;

  /**
   * Starts a process.
   *
   * @param uri connection string of the database
   * @param timeout timeout of its functions
   * @param environment additional variables
   * @param jvm additional options of its JVM
   */
  public Api(
      String uri,
      String database,
      Duration timeout,
      Map<String, String> environment,
      String... jvm) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("ALLOW_ANONYMOUS", "true");
    all.put("MONGODB_URI", uri);
    all.put("MONGODB_DATABASE", database);
    all.put("STATUS_RATE_LIMIT", "off");
    all.put("OVERVIEW_CACHE_SECONDS", "0");
    child = Child.java(ApiMain.class, List.of(jvm), all, "" + timeout.toSeconds());
    base = "http://127.0.0.1:" + child.awaitLine(PORT).group(1);
    child.drain();
  }

  public Process process() {
    return child.process();
  }

  /** Sends a request without waiting. */
  public CompletableFuture<HttpResponse<String>> ask(String method, String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LIMIT)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /**
   * Returns the body of an answer. Where the answer is that the database could not be reached in
   * time, it asks again, as callers are told to.
   *
   * @throws IllegalStateException when the answer is another error
   */
  public String get(String path) {
    HttpResponse<String> answer =
        Eventually.answer(
            LIMIT,
            () -> {
              HttpResponse<String> one = ask("GET", path).join();
              refused.addAndGet(one.statusCode() == UNAVAILABLE ? 1 : 0);
              return one;
            },
            one -> one.statusCode() != UNAVAILABLE);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + " is answered " + answer.statusCode());
    }
    return answer.body();
  }

  /** How often {@link #get} had to ask again. */
  public int refused() {
    return refused.get();
  }

  /** Sends JSON without waiting. */
  public CompletableFuture<HttpResponse<String>> post(String path, String json) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a cancel without waiting. */
  public CompletableFuture<HttpResponse<String>> cancel(String batch, String reason) {
    String encoded = URLEncoder.encode(reason, StandardCharsets.UTF_8);
    return ask("POST", "/api/v1/batches/" + batch + "/cancel?reason=" + encoded);
  }

  /** Runs upkeep, and waits for its report. */
  public String upkeep() {
    return ask("POST", "/upkeep").join().body();
  }

  @Override
  public void close() {
    child.close();
    http.shutdownNow();
  }
}
