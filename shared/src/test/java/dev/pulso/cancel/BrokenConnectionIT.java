package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections break during any write of a cancel. */
class BrokenConnectionIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @ParameterizedTest
  @ValueSource(ints = {10, 5_000})
  void brokenConnectionIsRetried(int believed) throws IOException {
    fixture.db().batches().dropIndexes();
    fixture.jobs(jobs(10, "b", "pending"));
    int updates = 1;
    for (int broken = 1; broken <= updates; broken++) {
      int number = broken;
      // On a busy machine, a cancel may also be late for another reason.
      updates =
          Eventually.answer(
              Duration.ofMinutes(1), () -> cancelWithBrokenUpdate(believed, number), n -> n > 0);
      assertThat(fixture.waiting("b")).isZero();
    }
    assertThat(updates).as("updates of a cancel").isGreaterThanOrEqualTo(5);
  }

  /**
   * Breaks all connections at this update, and returns the number of updates; 0 if the cancel did
   * not end.
   */
  private int cancelWithBrokenUpdate(int believed, int broken) throws IOException {
    fixture.db().batches().deleteMany(new Document());
    fixture.db().auditLog().deleteMany(new Document());
    fixture.db().jobs().updateMany(new Document(), set("status", "pending"));
    fixture.batches(batch("b").append("pending_jobs", believed), batch("b"));
    AtomicInteger updates = new AtomicInteger();
    try (Relay relay = Relay.toMongo();
        Pulso pulso =
            fixture.another(
                "mongodb://127.0.0.1:" + relay.port() + "/?directConnection=true",
                client -> unhurried(client, breaking(relay, updates, broken)))) {
      CancelOutcome outcome = PulsoFixture.cancel(pulso, "b", "basta");
      return outcome instanceof CancelOutcome.Cancelled ? updates.get() : 0;
    }
  }

  private static CommandListener breaking(Relay relay, AtomicInteger updates, int broken) {
    return new CommandListener() {
      @Override
      public void commandStarted(CommandStartedEvent event) {
        if (event.getCommandName().equals("update") && updates.incrementAndGet() == broken) {
          try {
            relay.mend();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    };
  }
}
