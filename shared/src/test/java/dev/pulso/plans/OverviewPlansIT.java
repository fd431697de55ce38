package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.fixture.Eventually;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverviewPlansIT {
  private static final int BATCHES = 60;
  private static final int JOBS_EACH = 40;

  private final WatchedPulso watched = new WatchedPulso();

  @BeforeEach
  void fill() {
    for (int i = 0; i < BATCHES; i++) {
      String account = i % 10 == 0 ? "acc-one" : "acc-many";
      watched.batches(batch("b" + i).append("account_id", account).append("is_active", i % 3 == 0));
      watched.jobs(
          jobs(JOBS_EACH, "b" + i, "pending").stream()
              .map(job -> new Document(job).append("account_id", account))
              .toList());
    }
    watched.accounts(new Document("account_id", "acc-one"));
  }

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void accountOverviewReadsOnlyItsCounters() {
    Plan plan = watched.plan(onlyCommand(Optional.of("acc-one")));
    assertThat(plan.indexes())
        .contains("is_active_1_account_id_1", "account_id_1", "pulso.cancel.open_1")
        .hasSizeLessThanOrEqualTo(4);
    assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
    assertThat(plan.documents()).as("documents").isLessThanOrEqualTo(6 + 2 + 2 + 1);
  }

  @Test
  void overviewOfAllIsOneRoundTrip() {
    Plan plan = watched.plan(onlyCommand(Optional.empty()));
    assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
    assertThat(plan.documents()).as("documents").isLessThanOrEqualTo(2 + BATCHES / 3);
  }

  @Test
  void checkReadsNoDocument() {
    watched.cancel("b0");
    Instant later = Instant.now().plusSeconds(60);
    for (View view : List.of(View.ALL, View.of(Caller.ANONYMOUS, Optional.of("acc-one")))) {
      SentCommands sent =
          watched.during(
              () ->
                  assertThat(watched.pulso().services().overview().isCurrent(view, later))
                      .isTrue());
      assertThat(sent.all()).hasSize(1);
      Plan plan = watched.plan(sent.all().getFirst());
      assertThat(plan.indexes()).contains("pulso.acted_at_1", "pulso.cancel.open_1");
      assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
      assertThat(plan.keys()).as("keys").isZero();
      assertThat(plan.documents()).as("documents").isZero();
    }
  }

  /** Returns the one that is sent once all is counted; a busy machine may count more than once. */
  private BsonDocument onlyCommand(Optional<String> accountId) {
    return Eventually.answer(
            Duration.ofMinutes(1),
            () -> watched.during(() -> overview(accountId)).all(),
            sent -> sent.size() == 1)
        .getFirst();
  }

  private void overview(Optional<String> accountId) {
    watched
        .pulso()
        .services()
        .overview()
        .overview(View.of(Caller.ANONYMOUS, accountId), Deadline.in(Duration.ofSeconds(20)));
  }
}
