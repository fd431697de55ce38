package dev.pulso.bench.push;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * All clients with a connection. One in fifty watches an overview or a list, one in twenty a calm
 * batch.
 */
final class Watchers implements AutoCloseable {
  /** As many as the gateway takes in a second. */
  private static final int NEW_PER_SECOND = 500;

  private static final int SOME = 5;
  private static final int VIEWS_OF_A_HUNDRED = 2;
  private static final int CALM_OF_A_HUNDRED = 5;

  /** As patient as browsers. */
  private static final Duration CONNECTING = Duration.ofSeconds(60);

  private final URI uri;
  private final List<Watcher> watchers = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newBuilder().executor(threads).build();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private volatile Tally tally = new Tally();

  Watchers(int port, int connections, List<LoopBatch> busy, List<LoopBatch> calm) {
    this.uri = URI.create("ws://127.0.0.1:" + port + "/events");
    for (int i = 0; i < connections; i++) {
      int turn = i / 100;
      int place = i % 100;
      if (place < VIEWS_OF_A_HUNDRED) {
        String view = place == 0 ? "overview" : "batches";
        watchers.add(watcher("\"" + view + "\":true", Optional.empty(), false));
      } else if (place < VIEWS_OF_A_HUNDRED + CALM_OF_A_HUNDRED) {
        watchers.add(watcher(calm.get((turn * CALM_OF_A_HUNDRED + place) % calm.size()), true));
      } else {
        watchers.add(watcher(busy.get(i % busy.size()), false));
      }
    }
  }

  private Watcher watcher(LoopBatch batch, boolean isCalm) {
    return watcher("\"batch_id\":\"" + batch.id() + "\"", Optional.of(batch), isCalm);
  }

  private Watcher watcher(String subject, Optional<LoopBatch> batch, boolean isCalm) {
    return new Watcher(this, "{\"action\":\"subscribe\"," + subject + "}", batch, isCalm);
  }

  CompletableFuture<WebSocket> open(WebSocket.Listener listener) {
    return http.newWebSocketBuilder().connectTimeout(CONNECTING).buildAsync(uri, listener);
  }

  void later(long ms, Runnable work) {
    timer.schedule(() -> threads.execute(work), ms, TimeUnit.MILLISECONDS);
  }

  /** Returns what they see at present. */
  Tally tally() {
    return tally;
  }

  /** Begins a new tally, and returns the one so far. */
  Tally count() {
    Tally last = tally;
    tally = new Tally();
    return last;
  }

  /** Connects all, as fast as the gateway takes them. */
  void start() {
    forget();
    for (int i = 0; i < watchers.size(); i++) {
      later(i * 1_000L / NEW_PER_SECOND, watchers.get(i)::start);
    }
  }

  void stop() {
    watchers.forEach(Watcher::stop);
  }

  /** Waits anew for a message to each from its next connection. */
  void forget() {
    watchers.forEach(Watcher::forget);
  }

  /** Returns how many were told something since they connected. */
  long told() {
    return watchers.stream().filter(watcher -> watcher.toldAt() != 0).count();
  }

  /** Returns how many were told the right state since they connected. */
  long right() {
    return watchers.stream().filter(watcher -> watcher.rightAt() != 0).count();
  }

  int size() {
    return watchers.size();
  }

  /** Returns the times since a moment of those who have that time. */
  Latencies since(long start, ToLongFunction<Watcher> time) {
    Latencies since = new Latencies();
    addSince(start, time, since);
    return since;
  }

  void addSince(long start, ToLongFunction<Watcher> time, Latencies to) {
    watchers.stream().mapToLong(time).filter(at -> at != 0).forEach(at -> to.add(at - start));
  }

  /** Returns some of those who were not told the right state, for people. */
  String missing() {
    List<Watcher> missing = watchers.stream().filter(watcher -> watcher.rightAt() == 0).toList();
    return missing.size() + " clients, for example " + missing.stream().limit(SOME).toList();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    http.shutdownNow();
    threads.shutdownNow();
  }
}
