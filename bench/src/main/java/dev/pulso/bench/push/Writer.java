package dev.pulso.bench.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Changes jobs at a steady pace, in some batches all the time, in calm ones each few seconds. */
final class Writer implements AutoCloseable {
  /** Longer than the five seconds after which counters are pushed again. */
  private static final Duration CALM = Duration.ofSeconds(8);

  private static final int MOST_THREADS = 20;
  private static final long SECOND = 1_000_000_000L;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<CompletableFuture<Void>> work = new ArrayList<>();
  private volatile boolean isWriting = true;

  Writer(List<LoopBatch> busy, int perSecond, List<LoopBatch> calm) {
    int writers = Math.min(MOST_THREADS, busy.size());
    for (int i = 0; i < writers; i++) {
      List<LoopBatch> own = new ArrayList<>();
      for (int j = i; j < busy.size(); j += writers) {
        own.add(busy.get(j));
      }
      write(own, SECOND * writers / perSecond);
    }
    write(calm, CALM.toNanos() / calm.size());
  }

  private void write(List<LoopBatch> batches, long nanos) {
    work.add(
        CompletableFuture.runAsync(
            () -> {
              long next = System.nanoTime();
              for (int i = 0; isWriting; i = (i + 1) % batches.size()) {
                batches.get(i).change();
                // What a busy machine held up is not made up for: that would be another pace.
                next = Math.max(next + nanos, System.nanoTime() - nanos);
                LockSupport.parkNanos(next - System.nanoTime());
              }
            },
            threads));
  }

  /** Stops, and fails if a change failed. */
  @Override
  public void close() {
    isWriting = false;
    work.forEach(CompletableFuture::join);
    threads.close();
  }
}
