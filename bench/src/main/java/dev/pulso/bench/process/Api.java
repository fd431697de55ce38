package dev.pulso.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A running {@link ApiMain}, from the outside. */
public final class Api implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String base;

  /**
   * Starts one.
   *
   * @param uri the database's connection string
   * @param timeout of its functions
   * @param environment more variables
   * @param jvm options of its JVM
   */
  public Api(
      String uri,
      String database,
      Duration timeout,
      Map<String, String> environment,
      String... jvm) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(jvm));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            ApiMain.class.getName(),
            "" + timeout.toSeconds()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(
            Map.of(
                "ALLOW_ANONYMOUS",
                "true",
                "MONGODB_URI",
                uri,
                "MONGODB_DATABASE",
                database,
                "STATUS_RATE_LIMIT",
                "off",
                "OVERVIEW_CACHE_SECONDS",
                "0"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      String port = process.inputReader().readLine();
      if (port == null) {
        throw new IllegalStateException("the API process did not start");
      }
      base = "http://127.0.0.1:" + port;
      Thread.ofVirtual().start(this::drain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it logs is not wanted here, and must not fill the pipe. */
  private void drain() {
    process.inputReader().lines().forEach(line -> {});
  }

  /** The operating system's view of it. */
  public Process process() {
    return process;
  }

  /** Asks, and does not wait. */
  public CompletableFuture<HttpResponse<String>> ask(String method, String path) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(LIMIT)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Asks for a cancel, and does not wait. */
  public CompletableFuture<HttpResponse<String>> cancel(String batch, String reason) {
    return ask(
        "POST",
        "/api/v1/batches/"
            + batch
            + "/cancel?reason="
            + URLEncoder.encode(reason, StandardCharsets.UTF_8));
  }

  /** One run of upkeep; waits for its report. */
  public String upkeep() {
    return ask("POST", "/upkeep").join().body();
  }

  @Override
  public void close() {
    Signals.kill(process);
    http.shutdownNow();
  }
}
