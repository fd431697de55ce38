package dev.pulso.bench.push;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Two hundred people who poll a batch each two seconds. */
final class Pollers implements AutoCloseable {
  private static final int COUNT = 200;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newBuilder().executor(threads).build();
  private final LongAdder polls = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final List<CompletableFuture<Void>> polling;
  private volatile boolean isWanted = true;

  Pollers(int port, List<LoopBatch> batches) {
    polling =
        IntStream.range(0, COUNT)
            .mapToObj(
                i -> {
                  String path = "/api/v1/batches/" + batches.get(i % batches.size()).id();
                  URI uri = URI.create("http://127.0.0.1:" + port + path + "/status");
                  long delay = PAUSE.toNanos() * i / COUNT;
                  return CompletableFuture.runAsync(() -> poll(uri, delay), threads);
                })
            .toList();
  }

  private void poll(URI uri, long delay) {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    long next = System.nanoTime() + delay;
    while (isWanted) {
      LockSupport.parkNanos(next - System.nanoTime());
      next += PAUSE.toNanos();
      try {
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        (status == 200 ? polls : failed).increment();
      } catch (IOException e) {
        failed.increment();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  long polls() {
    return polls.sum();
  }

  /** Returns how many were answered with an error, or not at all. */
  long failed() {
    return failed.sum();
  }

  /** Stops when all have their answers. */
  @Override
  public void close() {
    isWanted = false;
    polling.forEach(CompletableFuture::join);
    http.close();
    threads.close();
  }
}
