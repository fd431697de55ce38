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

/** Pulso over a separate database, with all its commands recorded. */
final class WatchedPulso implements AutoCloseable {
  private final PulsoFixture fixture = PulsoFixture.open();
  private final SentCommands sent = new SentCommands();
  private final Pulso pulso = fixture.another(sent);

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

  long preventRecounts() {
    return fixture.preventRecounts();
  }

  /** Cancels a batch without a reason. */
  void cancel(String batchId) {
    pulso
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS,
            new BatchAddress(batchId),
            Optional.empty(),
            Origin.NONE,
            Deadline.in(Duration.ofSeconds(20)));
  }

  /** Returns the commands of a task. */
  SentCommands during(Runnable task) {
    sent.forget();
    task.run();
    return sent;
  }

  /** Explains a command over the collections as they are now. */
  Plan plan(BsonDocument command) {
    return Plan.of(fixture.db().database(), command);
  }

  @Override
  public void close() {
    pulso.close();
    fixture.close();
  }
}
