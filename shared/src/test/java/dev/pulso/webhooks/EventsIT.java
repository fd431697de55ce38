package dev.pulso.webhooks;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.counting.JobGroup;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Recounts;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The events that wait in a batch after what happened to it. */
class EventsIT {
  private final PulsoFixture fixture = PulsoFixture.open();
  private final Recounts recounts = new Recounts(fixture.db());

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void completionIsToldOnce() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(10, "b", "pending"));
    recount();
    assertThat(events()).isEmpty();
    finish(10);
    recount();
    recount();
    assertThat(types()).containsExactly("batch.progress", "batch.completed");
    assertThat(events().getLast())
        .containsEntry("account_id", "acc-chile-001")
        .containsEntry("batch_id", "b")
        .containsEntry("total_jobs", 10L)
        .containsEntry("completed_jobs", 10L)
        .containsEntry("progress_percentage", 100.0);
    assertThat(events().getLast().get("at")).isEqualTo(fixture.stored("b").get("completed_at"));
  }

  @ParameterizedTest
  @MethodSource("blanks")
  void completionIsToldWhereImportLeftBlank(Object blank) {
    fixture.batches(batch("b").append("completed_at", blank).append("cancelled_at", blank));
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    recount();
    assertThat(types()).containsExactly("batch.progress", "batch.completed");
  }

  private static List<Object> blanks() {
    return List.of("", false);
  }

  @Test
  void laterJobsMakeASecondCompletion() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    fixture.jobs(jobs(1, "b", "pending"));
    recount();
    finish(1);
    recount();
    assertThat(types()).filteredOn("batch.completed"::equals).hasSize(2);
    assertThat(events()).extracting(event -> event.get("_id")).doesNotHaveDuplicates();
  }

  @Test
  void laterJobsThatFinishBetweenTwoCountsCompleteNothing() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    assertThat(types()).filteredOn("batch.completed"::equals).hasSize(1);
  }

  @Test
  void progressIsToldByTenths() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(40, "b", "pending"));
    for (int done : List.of(3, 1, 1, 14, 1)) {
      finish(done);
      recount();
    }
    assertThat(events())
        .extracting(event -> event.get("progress_percentage"))
        .containsExactly(10.0, 47.5, 50.0);
  }

  @Test
  void failuresCompleteABatchToo() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(2, "b", "failed"));
    recount();
    assertThat(types()).containsExactly("batch.completed");
  }

  @Test
  void cancelledBatchIsNotCompleted() {
    fixture.batches(
        batch("b"), batch("old").append("is_active", false).append("cancellation_reason", "x"));
    fixture.jobs(jobs(3, "b", "pending"));
    fixture.jobs(jobs(3, "old", "done"));
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b"), Optional.of("basta"), Origin.NONE, soon());
    finish(0);
    recount();
    recounts.recounter().recountNow(JobGroup.of("old"), soon());
    assertThat(types()).containsExactly("batch.cancelled");
    assertThat(events().getFirst()).containsEntry("reason", "basta");
    assertThat(eventsOf("old")).isEmpty();
  }

  @Test
  void pausesAndResumesAreTold() {
    fixture.batches(batch("b"));
    fixture.pause("b");
    fixture.pause("b");
    fixture.resume("b");
    assertThat(types()).containsExactly("batch.paused", "batch.resumed");
  }

  @Test
  void upkeepTakesOutWhatNobodyWants() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(1, "b", "done"));
    recount();
    assertThat(events()).isNotEmpty();
    fixture.upkeepUntil(
        () -> !fixture.stored("b").get("pulso", Document.class).containsKey("events"));
    assertThat(fixture.db().deliveries().countDocuments()).isZero();
  }

  private void finish(int many) {
    for (int i = 0; i < many; i++) {
      fixture
          .db()
          .jobs()
          .updateOne(
              new Document("batch_id", "b").append("status", "pending"),
              new Document("$set", new Document("status", "done")));
    }
  }

  private void recount() {
    recounts.recount("b");
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(1));
  }

  private List<String> types() {
    return events().stream().map(event -> event.getString("action")).toList();
  }

  private List<Document> events() {
    return eventsOf("b");
  }

  private List<Document> eventsOf(String batch) {
    Document pulso = fixture.stored(batch).get("pulso", new Document());
    return pulso.getList("events", Document.class, List.of());
  }
}
