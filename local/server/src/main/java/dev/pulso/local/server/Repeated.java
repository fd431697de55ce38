package dev.pulso.local.server;

import dev.pulso.observe.Log;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that runs in the background again and again; one run at a time. */
final class Repeated implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Repeated.class);

  private final String name;
  private final Duration grace;
  private final ScheduledExecutorService thread;

  /**
   * Starts the work.
   *
   * @param pause between two runs
   * @param grace how long {@link #close} waits for a run before it interrupts it
   */
  Repeated(String name, Duration pause, Duration grace, Runnable work) {
    this.name = name;
    this.grace = grace;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    thread.scheduleWithFixedDelay(() -> run(work), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // The next run finds the same work.
      if (!thread.isShutdown()) {
        LOG.warn("{} failed; the next run continues: {}", name, Log.describe(e));
      }
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
