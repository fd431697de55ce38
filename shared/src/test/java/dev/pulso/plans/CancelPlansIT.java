package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelPlansIT {
  private static final int FEW = 200;
  private static final int MANY = 6_000;

  private final WatchedPulso watched = new WatchedPulso();

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void fewWaitingJobsReadOnlyTheirKeys() {
    watched.batches(batch("b"), batch("other"));
    upload(FEW);
    SentCommands sent = watched.during(() -> watched.cancel("b"));
    List<BsonDocument> updates = new ArrayList<>(sent.on("update", "jobs"));
    // On a busy server it may take too long; those that follow then wait for a majority.
    updates.removeAll(sent.durable());
    assertThat(updates).hasSize(1);
    watched.jobs(jobs(FEW, "b", "pending"));
    Plan plan = plan(updates.getFirst());
    assertThat(plan.stages()).contains("IXSCAN").doesNotContain("COLLSCAN", "SORT");
    assertThat(plan.keys()).as("keys").isBetween((long) FEW, FEW + 5L);
    assertThat(plan.documents()).as("documents").isEqualTo(FEW);
  }

  @Test
  void smallCancelHasThreeMajorityWrites() {
    watched.batches(batch("b").append("total_jobs", FEW));
    watched.jobs(jobs(FEW, "b", "pending"));
    SentCommands sent = watched.during(() -> watched.cancel("b"));
    assertThat(sent.durable())
        .extracting(command -> command.getString(command.getFirstKey()).getValue())
        .as("marker, audit entry, close")
        .containsExactly("batches", "audit_log", "batches");
    assertThat(sent.inSnapshots()).isEmpty();
  }

  @Test
  void halvesReadOnlyWaitingJobs() {
    watched.batches(batch("b").append("pending_jobs", MANY), batch("other"));
    upload(MANY);
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

  private void upload(int each) {
    watched.jobs(jobs(each, "b", "pending"));
    watched.jobs(jobs(each, "b", "done"));
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
