package dev.pulso.local.server;

import dev.pulso.Pulso;
import dev.pulso.functions.delivery.WebhookDeliveryHandler;
import dev.pulso.observe.Log;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events to webhooks in the background, one run after the other. */
final class Deliveries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  /** A run ends at once if there is no webhook. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("deliveries").factory());
  private final WebhookDeliveryHandler handler;

  Deliveries(Pulso pulso) {
    handler = new WebhookDeliveryHandler(pulso);
    thread.scheduleWithFixedDelay(this::run, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      handler.handleRequest(Map.of(), null);
    } catch (RuntimeException e) {
      // The next run finds the same work in the database.
      if (!thread.isShutdown()) {
        LOG.warn("Deliveries failed; the next run continues: {}", Log.describe(e));
      }
    }
  }

  /** Interrupts the run: what it was sending is sent again at the next start. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
