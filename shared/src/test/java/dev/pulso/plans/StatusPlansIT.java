package dev.pulso.plans;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusPlansIT {
  private static final ObjectId ID = new ObjectId("678790a00000000000000002");

  private static final BatchAddress B = new BatchAddress("b");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final WatchedPulso watched = new WatchedPulso();

  @BeforeEach
  void countOnce() {
    watched.batches(batch("a"), batch("b").append("_id", ID), batch("c"));
    watched.jobs(jobs(50, "b", "pending"));
    // On a busy machine the counters may be stored too late, and the next poll counts again.
    Eventually.isTrue(
        SOON,
        () -> {
          poll("b");
          return watched.preventRecounts() == 1;
        });
  }

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void unchangedPollReadsOneDocument() {
    SentCommands sent = watched.during(() -> poll("b"));
    assertThat(sent.all()).hasSize(1);
    Plan plan = watched.plan(sent.on("find", "batches").getFirst());
    assertThat(plan.indexes()).containsExactly("batch_id_1");
    assertThat(plan.keys()).as("keys").isEqualTo(1);
    assertThat(plan.documents()).as("documents").isEqualTo(1);
    assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
  }

  @Test
  void pollByMongoIdIsOneRoundTrip() {
    SentCommands sent = watched.during(() -> poll(ID.toHexString()));
    assertThat(sent.all()).hasSize(1);
    Plan plan = watched.plan(sent.on("find", "batches").getFirst());
    assertThat(plan.indexes()).containsExactlyInAnyOrder("_id_", "batch_id_1");
    assertThat(plan.keys())
        .as("keys: also one before it, for the same digits as text")
        .isEqualTo(2);
    assertThat(plan.documents()).as("documents").isEqualTo(1);
    assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
  }

  @Test
  void unchangedDetailsReadBatchAndItsHistory() {
    Accounts restricted = Accounts.of(Set.of("acc-chile-001", "acc-peru-001"));
    for (Accounts visible : List.of(Accounts.ALL, restricted)) {
      SentCommands sent =
          watched.during(
              () -> watched.pulso().services().details().details(visible, B, Deadline.in(SOON)));
      assertThat(sent.all()).hasSize(2);
      Plan plan = watched.plan(sent.on("find", "audit_log").getFirst());
      assertThat(plan.indexes()).containsExactly("_id.batch_1_at_-1");
      assertThat(plan.documents()).as("documents").isZero();
      assertThat(plan.stages()).doesNotContain("COLLSCAN", "SORT");
    }
  }

  @Test
  void restrictedPollReadsNoMore() {
    Caller restricted =
        new Caller(
            Optional.of("u"), Accounts.of(Set.of("acc-chile-001", "acc-peru-001")), true, false);
    SentCommands sent = watched.during(() -> poll(restricted, "b"));
    assertThat(sent.all()).hasSize(1);
    Plan plan = watched.plan(sent.on("find", "batches").getFirst());
    assertThat(plan.indexes()).containsExactly("batch_id_1");
    assertThat(plan.keys()).as("keys").isEqualTo(1);
    assertThat(plan.documents()).as("documents").isEqualTo(1);
  }

  @Test
  void pollReadsOnlyNeededFields() {
    SentCommands sent = watched.during(() -> poll("b"));
    assertThat(sent.all().getFirst().getDocument("projection").keySet())
        .contains("is_active", "started_at", "completed_at")
        .doesNotContain("call_settings", "description", "name");
  }

  private void poll(String address) {
    poll(Caller.ANONYMOUS, address);
  }

  private void poll(Caller caller, String address) {
    watched
        .pulso()
        .services()
        .status()
        .status(caller.readable(), new BatchAddress(address), Deadline.in(Duration.ofSeconds(10)));
  }
}
