package dev.pulso.local.server;

import dev.pulso.Pulso;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs upkeep in the background, more often than the schedule in the cloud; one run at a time. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final Duration BUDGET = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("upkeep").factory());
  private final Pulso pulso;

  Upkeep(Pulso pulso) {
    this.pulso = pulso;
    thread.scheduleWithFixedDelay(this::run, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      pulso.runUpkeep(BUDGET);
    } catch (RuntimeException e) {
      // The next run finds the same work in the database.
      if (!thread.isShutdown()) {
        LOG.warn("Upkeep failed; the next run continues: {}", e.getClass().getSimpleName());
      }
    }
  }

  /** Waits for a short run, and interrupts a long one. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
