package dev.pulso.local.server.demo;

import com.mongodb.MongoException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated dialers, a few calls a second together, and what uploaders do around them. They behave
 * by the rules that real ones follow, and touch the demo's batches only.
 */
public final class Dialers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dialers.class);
  private static final int DIALERS = 6;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(4);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Dialers(DemoCollections collections, Clock clock) {
    // Each thread asks it for numbers, and gets its own.
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    CallDesk desk = new CallDesk(collections, clock, random);
    Campaigns campaigns = new Campaigns(collections, clock, random);
    threads.submit(() -> lookAfter(campaigns));
    for (int i = 1; i <= DIALERS; i++) {
      Dialer dialer = new Dialer("bot-" + i, desk, random, stopped);
      threads.submit(dialer::work);
    }
  }

  private void lookAfter(Campaigns campaigns) {
    try {
      boolean first = true;
      do {
        try {
          if (first) {
            campaigns.returnLostCalls();
          }
          first = false;
          campaigns.look();
        } catch (MongoException e) {
          LOG.warn("The demo's uploader lost the database: {}", e.getClass().getSimpleName());
        }
      } while (!stopped.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hangs up: calls on the line go back to pending, within a few seconds. */
  @Override
  public void close() {
    stopped.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
