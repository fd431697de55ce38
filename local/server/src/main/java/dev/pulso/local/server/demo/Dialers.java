package dev.pulso.local.server.demo;

import com.mongodb.MongoException;
import dev.pulso.local.server.demo.CallDesk.Call;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Simulated dialers and uploaders, together a few calls per second. They follow the rules of real
 * ones, and change only the demo's batches.
 */
public final class Dialers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dialers.class);
  private static final int DIALERS = 6;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
  private static final Duration WITHOUT_WORK = Duration.ofSeconds(2);
  private static final int SHORTEST_TALK_MILLIS = 600;
  private static final int LONGEST_TALK_MILLIS = 2_600;
  private static final Duration GRACE = Duration.ofSeconds(4);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  // Gives each thread its own generator.
  private final RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
  private final CallDesk desk;
  private final Campaigns campaigns;

  Dialers(DemoCollections collections, Clock clock) {
    desk = new CallDesk(collections, clock, random);
    campaigns = new Campaigns(collections, clock, random);
    threads.submit(this::lookAfterCampaigns);
    for (int i = 1; i <= DIALERS; i++) {
      String name = "bot-" + i;
      threads.submit(() -> repeat(name, () -> dial(name)));
    }
  }

  private void lookAfterCampaigns() {
    repeat(
        "The demo's uploader",
        () -> {
          campaigns.returnLostCalls();
          campaigns.look();
          return BETWEEN_LOOKS;
        });
  }

  /**
   * Repeats the work until it is stopped, with the requested pauses. Waits if the database is
   * unavailable.
   */
  private void repeat(String who, Work work) {
    try {
      Duration pause = Duration.ZERO;
      while (!stoppedWithin(pause)) {
        try {
          pause = work.once();
        } catch (MongoException e) {
          LOG.warn("{} lost the database: {}", who, e.getClass().getSimpleName());
          pause = WITHOUT_WORK;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Work {
    Duration once() throws InterruptedException;
  }

  /** Claims a job, simulates the call, and stores the result. */
  private Duration dial(String name) throws InterruptedException {
    Optional<Call> call = desk.claim(name);
    if (call.isEmpty()) {
      return WITHOUT_WORK;
    }
    if (stoppedWithin(
        Duration.ofMillis(random.nextInt(SHORTEST_TALK_MILLIS, LONGEST_TALK_MILLIS)))) {
      desk.returned(call.get(), Duration.ZERO);
    } else {
      finish(call.get());
    }
    return Duration.ZERO;
  }

  private void finish(Call call) {
    int dice = random.nextInt(100);
    Duration pause = Duration.ofSeconds(random.nextInt(60, 600));
    if (dice < 34) {
      desk.done(call, CallResult.connected(random));
    } else if (dice < 66) {
      desk.completed(call, CallResult.connected(random));
    } else if (dice < 84 && call.mayBeTriedAgain()) {
      desk.returned(call, pause);
    } else if (dice < 88 && call.mayBeTriedAgain()) {
      desk.failed(call, CallResult.notConnected(random), Optional.of(pause));
    } else if (dice == 99) {
      desk.suspended(call);
    } else {
      desk.failed(call, CallResult.notConnected(random), Optional.empty());
    }
  }

  private boolean stoppedWithin(Duration time) throws InterruptedException {
    return stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops: calls in progress return to pending, within a few seconds. */
  @Override
  public void close() {
    close(GRACE);
  }

  /** A call that takes longer stays in progress. */
  void close(Duration grace) {
    stopped.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
