package dev.pulso.push;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An account whose list takes too long keeps nobody else from theirs. */
class SlowViewIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  /** Longer than the time limit of a view. */
  private static final Duration TOO_LONG = Duration.ofMillis(2_500);

  @AutoClose private final PushWorld world = new PushWorld();

  @Test
  void othersAreTold() {
    world.fixture.batches(batch("b1").append("account_id", "acc-1"));
    IntStream.range(0, 6)
        .forEach(i -> subscribe("batches", "c" + i, i % 2 == 0 ? "acc-slow" + i : "acc-" + i));
    try (Pulso process = world.fixture.another(slow())) {
      Thread pusher = world.push(process, world.clients, LONG);
      for (int i = 1; i < 6; i += 2) {
        String client = "c" + i;
        Eventually.isTrue(SOON, () -> world.clients.types(client).contains("batches.changed"));
      }
      pusher.interrupt();
      pusher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The function has a few seconds only after the end of its run. */
  @Test
  void manySlowOverviewsDoNotHoldUpTheEndOfTheRun() {
    IntStream.range(0, 20).forEach(i -> subscribe("overview", "c" + i, "acc-slow" + i));
    long start = System.nanoTime();
    try (Pulso process = world.fixture.another(slow())) {
      process.services().pusher().run(world.clients, Deadline.in(Duration.ofSeconds(1)));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(25));
  }

  private void subscribe(String kind, String client, String account) {
    world.connect(client);
    world.send(
        client, "{'action':'subscribe','%s':true,'account_id':'%s'}".formatted(kind, account));
  }

  private static CommandListener slow() {
    return new CommandListener() {
      @Override
      public void commandStarted(CommandStartedEvent event) {
        if (event.getCommand().toJson().contains("acc-slow")) {
          LockSupport.parkNanos(TOO_LONG.toNanos());
        }
      }
    };
  }
}
