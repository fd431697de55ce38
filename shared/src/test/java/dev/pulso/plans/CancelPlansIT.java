package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelPlansIT {
  private static final int FEW = 200;
  private static final int MANY = 6_000;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final WatchedPulso watched = new WatchedPulso();

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void fewWaitingJobsReadOnlyTheirKeys() {
    watched.batches(batch("other"));
    AtomicInteger number = new AtomicInteger();
    // On a busy server the update may take too long, and others follow it.
    BsonDocument update =
        Eventually.answer(
                LONG, () -> updates("b" + number.incrementAndGet()), sent -> sent.size() == 1)
            .getFirst();
    watched.jobs(jobs(FEW, "b" + number, "pending"));
    Plan plan = plan(update);
    assertThat(plan.stages()).contains("IXSCAN").doesNotContain("COLLSCAN", "SORT");
    assertThat(plan.keys()).as("keys").isBetween((long) FEW, FEW + 5L);
    assertThat(plan.documents()).as("documents").isEqualTo(FEW);
  }

  /** Cancels a new batch, and returns the updates of its jobs. */
  private List<BsonDocument> updates(String batch) {
    watched.batches(batch(batch));
    upload(batch, FEW);
    return watched.during(() -> watched.cancel(batch)).on("update", "jobs");
  }

  @Test
  void smallCancelHasThreeMajorityWrites() {
    AtomicInteger number = new AtomicInteger();
    List<String> markerAuditEntryAndClose = List.of("batches", "audit_log", "batches");
    // On a busy machine, the update of the jobs may take too long, and a durable one follows it.
    Eventually.answer(
        LONG,
        () -> durableWrites("b" + number.incrementAndGet()),
        markerAuditEntryAndClose::equals);
  }

  /** Cancels a new batch, and returns the collections of its majority writes. */
  private List<String> durableWrites(String batch) {
    watched.batches(batch(batch).append("total_jobs", FEW));
    watched.jobs(jobs(FEW, batch, "pending"));
    SentCommands sent = watched.during(() -> watched.cancel(batch));
    assertThat(sent.inSnapshots()).isEmpty();
    return sent.durable().stream()
        .map(command -> command.getString(command.getFirstKey()).getValue())
        .toList();
  }

  @Test
  void halvesReadOnlyWaitingJobs() {
    watched.batches(batch("b").append("pending_jobs", MANY), batch("other"));
    upload("b", MANY);
    SentCommands sent = watched.during(() -> watched.cancel("b"));
    List<BsonDocument> updates = sent.on("update", "jobs");
    assertThat(updates).as("two halves, and what came meanwhile").hasSize(3);
    watched.jobs(jobs(MANY, "b", "pending"));
    for (BsonDocument update : updates) {
      Plan plan = plan(update);
      assertThat(plan.stages()).contains("IXSCAN").doesNotContain("COLLSCAN", "SORT");
      assertThat(plan.keys()).as("keys of %s", update).isBetween((long) MANY, MANY + 5L);
      assertThat(plan.documents()).as("documents of %s", update).isEqualTo(MANY);
    }
    Plan middle = watched.plan(sent.on("find", "jobs").getFirst());
    assertThat(middle.stages()).contains("IXSCAN").doesNotContain("COLLSCAN", "SORT");
    assertThat(middle.keys()).as("keys for the middle").isLessThanOrEqualTo(MANY / 2 + 100);
    assertThat(middle.documents()).as("documents for the middle").isLessThanOrEqualTo(101);
  }

  private void upload(String batch, int each) {
    watched.jobs(jobs(each, batch, "pending"));
    watched.jobs(jobs(each, batch, "done"));
    watched.jobs(jobs(each, "other", "pending"));
  }

  private Plan plan(BsonDocument update) {
    BsonDocument only = update.getArray("updates").get(0).asDocument();
    BsonDocument find =
        new BsonDocument("find", update.getString("update")).append("filter", only.get("q"));
    if (only.containsKey("hint")) {
      find.append("hint", only.get("hint"));
    }
    return watched.plan(find);
  }
}
