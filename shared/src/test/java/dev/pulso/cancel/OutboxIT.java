package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Sorts;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Audit log and batch stay consistent, even if processes die or write old documents back. */
class OutboxIT {
  private static final Origin ORIGIN =
      new Origin(Optional.of("ana"), Optional.of("192.0.2.1"), Optional.of("r-1"));

  private static final Optional<String> REASON = Optional.of("basta");
  private static final Deadline OVER = Deadline.in(Duration.ZERO);

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void cancelDeliversItsEntry() {
    fixture.batches(batch("b"));
    cancel("b", "$basta");
    Document entry = audit().getFirst();
    assertThat(entry)
        .containsEntry("action", "batch.cancelled")
        .containsEntry("batch_id", "b")
        .containsEntry("account_id", "acc-chile-001")
        .containsEntry("reason", "$basta")
        .containsEntry("at", stored("b").get("cancelled_at"))
        .containsEntry("actor", "ana")
        .containsEntry("source_ip", "192.0.2.1")
        .containsEntry("request_id", "r-1");
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  @Test
  void pausesAndResumesAreAllAudited() {
    fixture.batches(batch("b"));
    for (int i = 0; i < 3; i++) {
      fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
      fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
      fixture.pulso().services().pause().resume(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
    }
    assertThat(audit())
        .extracting(entry -> entry.getString("action"))
        .containsExactly(
            "batch.paused",
            "batch.resumed",
            "batch.paused",
            "batch.resumed",
            "batch.paused",
            "batch.resumed");
    assertThat(stored("b").get("pulso", Document.class))
        .containsOnlyKeys("acted_at", "switched_at", "events");
  }

  @Test
  void upkeepDeliversLeftEntries() {
    fixture.batches(batch("b"));
    cancel("b", "basta");
    Document entry = audit().getFirst();
    fixture.db().auditLog().deleteMany(new Document());
    change("b", new Document("pulso.outbox", List.of(entry)));
    upkeep();
    upkeep();
    assertThat(audit()).containsExactly(entry);
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  @Test
  void nextCancelDeliversLeftEntries() {
    fixture.batches(batch("b"));
    cancel("b", "basta");
    Document entry = audit().getFirst();
    change("b", new Document("pulso.outbox", List.of(entry)));
    cancel("b", "late");
    assertThat(audit()).containsExactly(entry);
    assertThat(pulso("b")).doesNotContainKey("outbox");
  }

  @Test
  void upkeepRestoresCancelOfRestoredBatch() {
    Document before = uploaded("b");
    Document paused = uploaded("c").append("is_active", false);
    cancel("b", "basta");
    cancel("c", null);
    Document cancelled = stored("b");
    writeBack(before);
    writeBack(paused);
    fixture.jobs(jobs(2, "b", "pending"));
    assertThat(upkeep()).isEqualTo(2);
    assertThat(stored("b"))
        .containsEntry("is_active", false)
        .containsEntry("cancellation_reason", "basta")
        .containsEntry("cancelled_at", cancelled.get("cancelled_at"))
        .containsEntry("completed_at", cancelled.get("completed_at"))
        .containsEntry("pending_jobs", 0L);
    assertThat(stored("c")).containsKey("cancelled_at").doesNotContainKey("cancellation_reason");
    assertThat(reasonsOfJobs("b")).containsOnly("basta");
    assertThat(audit()).hasSize(2);
    assertThat(upkeep()).isZero();
  }

  @Test
  void cancelOfRestoredBatchKeepsFirstReason() {
    Document before = uploaded("b");
    cancel("b", "basta");
    Object at = stored("b").get("cancelled_at");
    writeBack(before);
    fixture.jobs(jobs(2, "b", "pending"));
    assertThat(cancel("b", "late").reason()).contains("basta");
    assertThat(stored("b"))
        .containsEntry("cancellation_reason", "basta")
        .containsEntry("cancelled_at", at);
    assertThat(reasonsOfJobs("b")).containsOnly("basta");
    assertThat(audit()).hasSize(1);
  }

  @Test
  void reuploadedBatchIsNotCancelled() {
    uploaded("b");
    cancel("b", "basta");
    fixture.db().batches().deleteOne(new Document("batch_id", "b"));
    uploaded("b");
    fixture.jobs(jobs(2, "b", "pending"));
    assertThat(upkeep()).isZero();
    assertThat(stored("b")).containsEntry("is_active", true);
    assertThat(fixture.db().jobs().countDocuments(new Document("status", "pending"))).isEqualTo(2);
    assertThat(cancel("b", "again").reason()).contains("again");
    assertThat(audit()).hasSize(2);
  }

  @Test
  void batchCancelledBeforePulsoStaysCancelled() {
    fixture.batches(cancelledBefore("old"));
    fixture.jobs(jobs(3, "old", "pending"));
    PauseService pauses = fixture.pulso().services().pause();
    assertThat(pauses.resume(Caller.ANONYMOUS, new BatchAddress("old"), ORIGIN))
        .isEqualTo(PauseOutcome.CANCELLED);
    assertThat(pauses.pause(Caller.ANONYMOUS, new BatchAddress("old"), ORIGIN))
        .isEqualTo(PauseOutcome.CANCELLED);
    assertThat(stored("old")).containsEntry("is_active", false);
    assertThat(
            fixture
                .pulso()
                .services()
                .summary()
                .summary(Accounts.ALL, new BatchAddress("old"), soon())
                .state()
                .name())
        .isEqualTo("CANCELLED");
    assertThat(audit()).isEmpty();
  }

  /** No worker would ever finish these jobs: workers ignore inactive batches. */
  @Test
  void oldCancelKeepsItsReason() {
    fixture.batches(cancelledBefore("old"));
    fixture.jobs(jobs(3, "old", "pending"));
    Object completedAt = stored("old").get("completed_at");
    CancelOutcome outcome = cancel("old", "late");
    assertThat(outcome).isEqualTo(new CancelOutcome.Cancelled(Optional.of("sin saldo")));
    assertThat(stored("old"))
        .containsEntry("cancellation_reason", "sin saldo")
        .containsEntry("completed_at", completedAt)
        .containsEntry("pending_jobs", 0L)
        .containsKey("cancelled_at");
    assertThat(reasonsOfJobs("old")).containsOnly("sin saldo");
    assertThat(audit()).extracting(entry -> entry.get("reason")).containsExactly("sin saldo");
  }

  @Test
  void pauseRemovesOldReason() {
    fixture.batches(batch("b").append("cancellation_reason", "undone since"));
    PauseService pauses = fixture.pulso().services().pause();
    assertThat(pauses.pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN))
        .isEqualTo(PauseOutcome.DONE);
    assertThat(pauses.resume(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN))
        .isEqualTo(PauseOutcome.DONE);
    assertThat(stored("b")).containsEntry("is_active", true);
  }

  @Test
  void cancelCoversTwinBatch() {
    twins("b");
    fixture.jobs(jobs(5, "b", "pending"));
    assertThat(cancel("b", "basta")).isEqualTo(new CancelOutcome.Cancelled(Optional.of("basta")));
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .hasSize(2)
        .allSatisfy(OutboxIT::isCancelled);
    assertThat(reasonsOfJobs("b")).hasSize(5).containsOnly("basta");
    assertThat(audit()).hasSize(2).allMatch(entry -> entry.get("actor").equals("ana"));
    assertThat(audit())
        .extracting(entry -> entry.get("account_id"))
        .containsExactlyInAnyOrder("acc-chile-001", "acc-peru-001");
  }

  @Test
  void upkeepCancelsTwinOfDeadCancel() {
    twins("b");
    fixture.jobs(jobs(5, "b", "pending"));
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress("b"), REASON, ORIGIN, OVER);
    upkeep();
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .hasSize(2)
        .allSatisfy(OutboxIT::isCancelled);
    assertThat(audit()).hasSize(2);
  }

  @Test
  void pauseLeavesTwinBatch() {
    twins("b");
    fixture.pulso().services().pause().pause(Caller.ANONYMOUS, new BatchAddress("b"), ORIGIN);
    assertThat(fixture.db().batches().find(new Document("batch_id", "b")))
        .extracting(batch -> batch.get("is_active"))
        .containsExactlyInAnyOrder(true, false);
  }

  private void twins(String id) {
    fixture.db().batches().dropIndexes();
    fixture.batches(batch(id), batch(id).append("account_id", "acc-peru-001"));
  }

  private static void isCancelled(Document batch) {
    assertThat(batch)
        .containsEntry("is_active", false)
        .containsEntry("cancellation_reason", "basta")
        .containsKey("cancelled_at")
        .containsEntry("pending_jobs", 0L)
        .containsEntry("total_jobs", 5L);
    assertThat(batch.get("pulso", Document.class))
        .doesNotContainKey("outbox")
        .containsEntry(
            "cancel",
            new Document("reason", "basta")
                .append("cancelled_earlier", 0L)
                .append("cancelled_jobs", 5L));
  }

  private static Document cancelledBefore(String id) {
    return batch(id)
        .append("is_active", false)
        .append("cancellation_reason", "sin saldo")
        .append("completed_at", new Date(1_700_000_000_000L));
  }

  private Document uploaded(String id) {
    fixture.batches(batch(id));
    return stored(id);
  }

  private CancelOutcome cancel(String id, String reason) {
    return fixture
        .pulso()
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS, new BatchAddress(id), Optional.ofNullable(reason), ORIGIN, soon());
  }

  private long upkeep() {
    return fixture.pulso().runUpkeep(Duration.ofSeconds(20)).markersRestored();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private void writeBack(Document document) {
    fixture.db().batches().replaceOne(new Document("_id", document.get("_id")), document);
  }

  private void change(String id, Document fields) {
    fixture.db().batches().updateOne(new Document("batch_id", id), new Document("$set", fields));
  }

  private Document stored(String id) {
    return fixture.db().batches().find(new Document("batch_id", id)).first();
  }

  private Document pulso(String id) {
    return stored(id).get("pulso", Document.class);
  }

  private List<Document> audit() {
    return fixture.db().auditLog().find().sort(Sorts.ascending("at")).into(new ArrayList<>());
  }

  private List<Object> reasonsOfJobs(String id) {
    return fixture
        .db()
        .jobs()
        .find(new Document("batch_id", id))
        .map(job -> job.get("cancellation_reason"))
        .into(new ArrayList<>());
  }
}
