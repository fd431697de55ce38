package dev.pulso.cancel;

import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
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
      fixture.db().batches().deleteMany(new Document());
      fixture.db().auditLog().deleteMany(new Document());
      fixture.db().jobs().updateMany(new Document(), set("status", "pending"));
      fixture.batches(batch("b").append("pending_jobs", believed), batch("b"));
      updates = cancelWithBrokenUpdate(broken);
      assertThat(fixture.db().jobs().countDocuments(new Document("status", "pending"))).isZero();
    }
    assertThat(updates).as("updates of a cancel").isGreaterThanOrEqualTo(5);
  }

  /** Breaks all connections at this update, and returns the number of updates. */
  private int cancelWithBrokenUpdate(int broken) throws IOException {
    AtomicInteger updates = new AtomicInteger();
    try (Relay relay = Relay.toMongo();
        Pulso pulso =
            fixture.another(
                "mongodb://127.0.0.1:" + relay.port() + "/?directConnection=true",
                client -> client.addCommandListener(breaking(relay, updates, broken)))) {
      assertThat(PulsoFixture.cancel(pulso, "b", "basta"))
          .as("update %d breaks", broken)
          .isInstanceOf(CancelOutcome.Cancelled.class);
    }
    return updates.get();
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
