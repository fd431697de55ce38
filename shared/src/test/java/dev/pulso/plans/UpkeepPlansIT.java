package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
  void changedGroupsAreFoundByDistinctScan() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i));
      watched.jobs(jobs(JOBS_EACH, "b" + i, "pending"));
    }
    String updates = "batch_id_1_updated_at_1";
    String uploads = "batch_id_1_created_at_1_account_id_1";
    SentCommands first = watched.during(() -> watched.pulso().runUpkeep(LONG));
    isOneWalk(first, updates, uploads);
    SentCommands second = watched.during(() -> watched.pulso().runUpkeep(LONG));
    isOneWalk(second, updates, uploads, "sums_behind_1");
  }

  /** An array as batch_id makes the indexes multikey: the server then orders no groups by them. */
  @Test
  void jobOfTwoBatchesCostsNoReadOfAllJobs() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i));
      watched.jobs(jobs(JOBS_EACH, "b" + i, "pending"));
    }
    watched.jobs(List.of(job("b1", "pending").append("batch_id", List.of("b1", "b2"))));
    watched.pulso().runUpkeep(LONG);
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(LONG));
    int compared = 0;
    for (BsonDocument command : sent.on("aggregate", "jobs")) {
      if (command.toJson().contains("sums_behind")) {
        compared++;
        Plan plan = watched.plan(command);
        assertThat(plan.stages()).doesNotContain("SORT", "COLLSCAN");
        assertThat(plan.documents()).as("documents").isLessThanOrEqualTo(BATCHES + 3);
        assertThat(plan.keys()).as("keys of %s", command).isLessThanOrEqualTo(5 * (BATCHES + 2));
      }
    }
    assertThat(compared).as("commands that compare groups").isEqualTo(1);
    assertThat(watched.plan(sent.on("distinct", "jobs").getFirst()).keys())
        .isLessThanOrEqualTo(BATCHES + 1);
  }

  private void isOneWalk(SentCommands sent, String... indexes) {
    int walks = 0;
    for (BsonDocument command : sent.on("aggregate", "jobs")) {
      Plan plan = watched.plan(command);
      assertThat(plan.stages()).doesNotContain("SORT");
      boolean isCounting = command.containsKey("hint");
      if (plan.stages().contains("DISTINCT_SCAN") && !isCounting) {
        walks++;
        assertThat(plan.indexes()).containsExactlyInAnyOrder(indexes);
        assertThat(plan.documents()).as("snapshots").isLessThanOrEqualTo(BATCHES + 1);
        assertThat(plan.keys())
            .as("keys of %s", command)
            .isLessThanOrEqualTo(3 * BATCHES + 2 * (BATCHES + 2));
      } else {
        assertThat(plan.stages()).doesNotContain("COLLSCAN");
        assertThat(plan.documents()).as("documents of %s", command).isZero();
      }
    }
    assertThat(walks).as("commands that walk over groups").isEqualTo(1);
  }

  @Test
  void fencesReadNoBatchThatNeedsNone() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i).append("is_active", true));
    }
    watched.batches(batch("cancelled"));
    watched.cancel("cancelled");
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(LONG));
    List<BsonDocument> fences =
        sent.on("update", "batches").stream()
            .filter(command -> command.toJson().contains("\"is_active\": true"))
            .toList();
    assertThat(fences).hasSize(1);
    assertThat(watched.plan(fences.getFirst()).documents()).isZero();
  }

  @Test
  void unfinishedWorkHasPartialIndexes() {
    for (int i = 0; i < BATCHES; i++) {
      watched.batches(batch("b" + i).append("is_active", false));
    }
    watched.batches(batch("cancelled"));
    watched.jobs(jobs(JOBS_EACH, "cancelled", "pending"));
    watched.cancel("cancelled");
    watched.jobs(jobs(1, "cancelled", "pending"));
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(LONG));
    assertThat(sent.on("find", "batches")).isNotEmpty();
    for (BsonDocument command : sent.on("find", "batches")) {
      Plan plan = watched.plan(command);
      assertThat(plan.stages()).as("plan of %s", command).doesNotContain("COLLSCAN");
      assertThat(plan.documents()).as("documents of %s", command).isLessThanOrEqualTo(1);
    }
    BsonDocument late = sent.on("distinct", "jobs").getFirst();
    assertThat(watched.plan(late).stages()).contains("DISTINCT_SCAN").doesNotContain("FETCH");
  }
}
