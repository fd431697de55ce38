package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpkeepPlansIT {
  private static final int BATCHES = 40;
  private static final int JOBS_EACH = 30;
  private static final Duration LONG = Duration.ofSeconds(20);

  private final WatchedPulso watched = new WatchedPulso();

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void findingWhatChangedJumpsFromGroupToGroup() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i));
      watched.jobs(jobs(JOBS_EACH, "b" + i, "pending"));
    }
    watched.pulso().runUpkeep(LONG);
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(LONG));
    int walks = 0;
    for (BsonDocument command : sent.on("aggregate", "jobs")) {
      Plan plan = watched.plan(command);
      assertThat(plan.documents()).as("documents of %s", command).isZero();
      assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
      if (plan.stages().contains("DISTINCT_SCAN")) {
        walks++;
        assertThat(plan.keys()).as("keys of %s", command).isLessThanOrEqualTo(2 * BATCHES + 2);
      }
    }
    assertThat(walks).as("walks over groups").isEqualTo(2);
  }

  @Test
  void unfinishedWorkIsFoundByIndexesThatHoldNothingElse() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i).append("is_active", false));
    }
    watched.batches(batch("cancelled"));
    watched.jobs(jobs(JOBS_EACH, "cancelled", "pending"));
    watched.cancel("cancelled");
    watched.jobs(jobs(1, "cancelled", "pending"));
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(LONG));
    BsonDocument open = sent.on("find", "batches").getFirst();
    Plan opens = watched.plan(open);
    assertThat(opens.indexes()).containsExactly("pulso.cancel.open_1");
    assertThat(opens.documents()).as("documents").isZero();
    Plan late = watched.plan(sent.on("aggregate", "batches").getFirst());
    assertThat(late.indexes()).contains("cancelled_at_1");
    assertThat(late.stages()).doesNotContain("COLLSCAN");
    assertThat(late.documents()).as("documents").isLessThanOrEqualTo(2);
  }
}
