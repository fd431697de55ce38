package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.summarised;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecountPlansIT {
  /** From here on counting goes status by status. */
  private static final int LARGE = 20_500;

  private static final int MANY = 50;
  private static final int JOBS_EACH = 40;

  /** Each seek reads one key beyond its range. */
  private static final int SEEKS = 60;

  private final WatchedPulso watched = new WatchedPulso();

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void firstSmallCountNeedsNoSnapshot() {
    watched.batches(batch("b"));
    watched.jobs(called(100));
    SentCommands sent = watched.during(this::summary);
    assertThat(sent.inSnapshots()).isEmpty();
    assertThat(sent.durable()).isEmpty();
  }

  @Test
  void countsAndSumsReadOnlyIndexes() {
    watched.batches(batch("a"), batch("b"), batch("c"));
    watched.jobs(jobs(400, "a", "pending"));
    watched.jobs(jobs(400, "c", "pending"));
    watched.jobs(jobs(1_000, "b", "pending"));
    watched.jobs(called(100));
    assertFromIndexesAlone(watched.during(this::summary), 1_100, 100);
  }

  @Test
  void largeBatchNeedsOneScanPerStatus() {
    watched.batches(batch("b"));
    watched.jobs(jobs(LARGE, "b", "pending"));
    watched.jobs(called(100));
    summary();
    SentCommands sent = watched.during(this::summary);
    assertFromIndexesAlone(sent, LARGE + 100, 100);
    assertThat(counting(sent).toString()).contains("COUNT_SCAN");
  }

  @Test
  void lastActivityOfManyTakesOneSeekForEach() {
    for (int i = 0; i < MANY; i++) {
      watched.batches(batch("b" + i));
      watched.jobs(jobs(JOBS_EACH, "b" + i, "pending"));
    }
    SentCommands sent = watched.during(() -> watched.pulso().runUpkeep(Duration.ofMinutes(2)));
    Plan counting =
        onJobs(sent).stream()
            .filter(command -> command.containsKey("hint"))
            .map(watched::plan)
            .filter(plan -> plan.stages().contains("DISTINCT_SCAN"))
            .findFirst()
            .orElseThrow();
    assertThat(counting.documents()).as("documents of %s", counting).isZero();
    assertThat(counting.keys())
        .as("keys of %s", counting)
        .isBetween(MANY * (JOBS_EACH + 2L), MANY * (JOBS_EACH + 2L * 2) + SEEKS);
  }

  private void assertFromIndexesAlone(SentCommands sent, int jobs, int calls) {
    Plan counting = counting(sent);
    assertThat(counting.documents()).as("documents of %s", counting).isZero();
    assertThat(counting.keys()).as("keys").isLessThanOrEqualTo((long) jobs + SEEKS);
    assertThat(counting.stages()).doesNotContain("COLLSCAN", "SORT");
    Plan summing = watched.plan(onJobs(sent).get(1));
    assertThat(summing.documents()).as("documents of %s", summing).isZero();
    assertThat(summing.stages()).doesNotContain("COLLSCAN", "FETCH", "SORT");
    assertThat(summing.keys()).as("keys").isBetween((long) calls, (long) calls + 8 * SEEKS);
  }

  private Plan counting(SentCommands sent) {
    return watched.plan(onJobs(sent).getFirst());
  }

  private static List<BsonDocument> onJobs(SentCommands sent) {
    return sent.on("aggregate", "jobs");
  }

  private static List<Document> called(int count) {
    List<Document> called = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Document call = i % 2 == 0 ? call(28.197 + i, 104_789) : summarised(12.5, 60_000 + i);
      called.add(job("b", "done").append("call_result", call));
    }
    return called;
  }

  private void summary() {
    watched
        .pulso()
        .services()
        .summary()
        .summary(Accounts.ALL, new BatchAddress("b"), Deadline.in(Duration.ofSeconds(10)));
  }
}
