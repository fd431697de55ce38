package dev.pulso.plans;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.Document;

/** Pulso over a database of its own, all of whose commands can be looked at. */
final class WatchedPulso implements AutoCloseable {
  private final PulsoFixture fixture = PulsoFixture.open();
  private final SentCommands sent = new SentCommands();
  private final Pulso pulso = fixture.another(client -> client.addCommandListener(sent));

  Pulso pulso() {
    return pulso;
  }

  void batches(Document... batches) {
    fixture.batches(batches);
  }

  void accounts(Document... accounts) {
    fixture.db().accounts().insertMany(List.of(accounts));
  }

  void jobs(List<Document> jobs) {
    fixture.jobs(jobs);
  }

  /** Cancels a batch, for no reason. */
  void cancel(String batchId) {
    pulso
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS,
            new BatchAddress(batchId),
            Optional.empty(),
            new Origin(Optional.empty(), Optional.empty(), Optional.empty()),
            Deadline.in(Duration.ofSeconds(20)));
  }

  /** What a task sends. */
  SentCommands during(Runnable task) {
    sent.forget();
    task.run();
    return sent;
  }

  /** What the server does for a command; the collections are as the command left them. */
  Plan plan(BsonDocument command) {
    return Plan.of(fixture.db().database(), command);
  }

  @Override
  public void close() {
    pulso.close();
    fixture.close();
  }
}
