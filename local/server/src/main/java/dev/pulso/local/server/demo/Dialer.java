package dev.pulso.local.server.demo;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One simulated dialer: claims a job, talks for a moment, writes down what came of it. */
final class Dialer {
  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
  private static final Duration SHORTEST_TALK = Duration.ofMillis(600);
  private static final Duration LONGEST_TALK = Duration.ofMillis(2_600);
  private static final Duration WITHOUT_WORK = Duration.ofSeconds(2);

  private final String name;
  private final CallDesk desk;
  private final RandomGenerator random;
  private final People people;
  private final CountDownLatch stopped;

  Dialer(String name, CallDesk desk, RandomGenerator random, CountDownLatch stopped) {
    this.name = name;
    this.desk = desk;
    this.random = random;
    this.people = new People(random);
    this.stopped = stopped;
  }

  /** Works until it is stopped; a database that is away is waited for. */
  void work() {
    try {
      boolean goOn = true;
      while (goOn) {
        goOn = !stoppedWithin(workOnce());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns how long to wait before the next call. */
  private Duration workOnce() throws InterruptedException {
    try {
      Optional<Call> call = desk.claim(name);
      if (call.isEmpty()) {
        return WITHOUT_WORK;
      }
      long talk = random.nextLong(SHORTEST_TALK.toMillis(), LONGEST_TALK.toMillis());
      if (stoppedWithin(Duration.ofMillis(talk))) {
        desk.returned(call.get(), Duration.ZERO);
      } else {
        finish(call.get());
      }
      return Duration.ZERO;
    } catch (MongoException e) {
      LOG.warn("{} lost the database: {}", name, e.getClass().getSimpleName());
      return WITHOUT_WORK;
    }
  }

  private void finish(Call call) {
    int dice = random.nextInt(100);
    if (dice < 34) {
      desk.done(call, CallResult.connected(random, people));
    } else if (dice < 66) {
      desk.completed(call, CallResult.connected(random, people));
    } else if (dice < 84 && call.mayBeTriedAgain()) {
      desk.returned(call, Duration.ofSeconds(random.nextInt(60, 600)));
    } else if (dice < 88 && call.mayBeTriedAgain()) {
      Duration pause = Duration.ofSeconds(random.nextInt(60, 600));
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
}
