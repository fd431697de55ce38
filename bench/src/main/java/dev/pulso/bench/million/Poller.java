package dev.pulso.bench.million;

import dev.pulso.bench.process.Api;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Somebody who polls, and notes how long each answer takes. */
final class Poller implements AutoCloseable {
  private static final long PAUSE_MS = 20;
  private static final int WARM_UP = 200;

  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
  private final Api api;
  private final Thread thread;
  private volatile boolean polling = true;

  Poller(Api api) {
    this.api = api;
    for (int i = 0; i < WARM_UP; i++) {
      poll(i);
    }
    thread = Thread.ofPlatform().start(this::run);
  }

  private void run() {
    for (int i = 0; polling; i++) {
      long begun = System.nanoTime();
      poll(i);
      nanos.add(System.nanoTime() - begun);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
  }

  /** The batch that is being cancelled, and another one, in turn. */
  private void poll(int number) {
    String batch = number % 2 == 0 ? Upload.LARGE : Upload.SMALL;
    HttpResponse<String> answer = api.ask("GET", "/api/v1/batches/" + batch + "/status").join();
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("a poll was answered " + answer.statusCode());
    }
  }

  /** In ms. */
  double percentile(int percent) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)) / 1e6;
  }

  int polls() {
    return nanos.size();
  }

  /** Ends polling; the times are complete then. */
  void stop() {
    polling = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
