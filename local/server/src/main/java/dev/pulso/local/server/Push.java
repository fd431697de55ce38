package dev.pulso.local.server;

import dev.pulso.Pulso;
import dev.pulso.push.Outbound;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes to connected clients, run after run, and recounts early what a change stream of the jobs
 * names. In the cloud a schedule and events do that.
 */
final class Push implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Push.class);
  private static final Duration RUN = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BUDGET = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Pulso pulso;
  private final Outbound outbound;
  private final Thread pusher;
  private final Thread signals;
  private final ExecutorService recounts = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean isClosed;

  Push(Pulso pulso, Outbound outbound) {
    this.pulso = pulso;
    this.outbound = outbound;
    pusher = Thread.ofPlatform().daemon().name("push").start(() -> repeat(this::push));
    signals = Thread.ofPlatform().daemon().name("signals").start(() -> repeat(this::listen));
  }

  private void repeat(Runnable work) {
    while (!isClosed) {
      try {
        work.run();
      } catch (RuntimeException e) {
        if (!isClosed) {
          LOG.warn("Push failed; it goes on: {}", e.getClass().getSimpleName());
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    }
  }

  private void push() {
    pulso.push(outbound, RUN);
  }

  private void listen() {
    // A recount that has to wait for another one must not hold up the signals after it.
    pulso.followJobs(() -> !isClosed, named -> recounts.execute(() -> recount(named)));
  }

  private void recount(Set<String> batches) {
    try {
      pulso.recountEarly(List.copyOf(batches), BUDGET);
    } catch (RuntimeException e) {
      // Signals are hints: the pusher recounts the batches a little later.
      if (!isClosed) {
        LOG.warn("An early recount failed: {}", e.getClass().getSimpleName());
      }
    }
  }

  @Override
  public void close() {
    isClosed = true;
    recounts.shutdownNow();
    for (Thread thread : List.of(pusher, signals)) {
      thread.interrupt();
      try {
        thread.join(GRACE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
