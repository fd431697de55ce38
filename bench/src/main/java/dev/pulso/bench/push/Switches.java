package dev.pulso.bench.push;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Pauses one batch after the other through the API, and resumes each ten steps later. */
final class Switches implements AutoCloseable {
  private static final int PAUSED_AT_ONCE = 10;
  private static final int OK = 200;
  private static final int BUSY = 503;
  private static final int MOST_TRIES = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final List<LoopBatch> batches;
  private final Deque<LoopBatch> paused = new ArrayDeque<>();
  private int next;

  Switches(int port, List<LoopBatch> batches) {
    this.base = "http://127.0.0.1:" + port + "/api/v1/batches/";
    this.batches = batches;
  }

  /** Pauses a batch, and resumes another one. */
  void step() {
    LoopBatch batch = batches.get(next++ % batches.size());
    if (!paused.contains(batch)) {
      batch.beginSwitch("paused");
      post(batch, "pause");
      paused.add(batch);
    }
    if (paused.size() > PAUSED_AT_ONCE) {
      LoopBatch longest = paused.remove();
      longest.beginSwitch("active");
      post(longest, "resume");
    }
  }

  private void post(LoopBatch batch, String action) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + batch.id() + "/" + action))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      int status = BUSY;
      for (int i = 0; i < MOST_TRIES && status == BUSY; i++) {
        status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      }
      if (status != OK) {
        throw new IllegalStateException(action + " was answered " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException(action + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
