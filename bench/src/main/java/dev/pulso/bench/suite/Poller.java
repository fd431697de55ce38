package dev.pulso.bench.suite;

import dev.pulso.bench.lab.Samples;
import dev.pulso.bench.process.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Polls batches in turn, and records the response times. */
final class Poller implements AutoCloseable {
  private static final long PAUSE_MS = 20;
  private static final int WARM_UP = 200;

  private final Api api;
  private final List<String> batches;
  private final int refusedBefore;
  private final CompletableFuture<List<Long>> times;
  private volatile boolean polling = true;

  Poller(Api api, List<String> batches) {
    this.api = api;
    this.batches = batches;
    for (int i = 0; i < WARM_UP; i++) {
      poll(i);
    }
    refusedBefore = api.refused();
    times = CompletableFuture.supplyAsync(this::run);
  }

  private List<Long> run() {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; polling; i++) {
      int number = i;
      nanos.add(Samples.nanos(() -> poll(number)));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
    return nanos;
  }

  private void poll(int number) {
    String batch = batches.get(number % batches.size());
    api.get("/api/v1/batches/" + batch + "/status");
  }

  /** Stops, and returns the response times. */
  Samples stop() {
    polling = false;
    return Samples.of(times.join());
  }

  /** Returns how many polls were refused since the warm-up; their times include the next try. */
  int refused() {
    return api.refused() - refusedBefore;
  }

  @Override
  public void close() {
    polling = false;
  }
}
