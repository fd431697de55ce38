package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchState;
import dev.pulso.fixture.Eventually;
import dev.pulso.list.SearchText;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.operations.OperationOutcome.SelectionChanged;
import dev.pulso.operations.OperationOutcome.TooManyBatches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/** Which batches a request selects, and who may see the operation. */
class SelectionIT extends ThreeBatches {
  @Test
  void namedBatchesCountOnce() {
    ObjectId id = stored("active").getObjectId("_id");
    BatchChoice named = named("active", id.toHexString(), "peru", "nowhere");
    assertThat(preview(BatchAction.CANCEL, named)).returns(2, Preview::batches);
    Caller chile = caller("acc-chile-001");
    assertThat(operations.preview(chile, request(BatchAction.CANCEL, named), ANA))
        .isInstanceOfSatisfying(
            Preview.class,
            preview ->
                assertThat(preview).returns(1, Preview::batches).returns(0, Preview::unchanged));
  }

  @Test
  void accountsBatchesAreNarrowed() {
    BatchChoice active = ofAccount(Set.of(BatchState.ACTIVE), Optional.empty());
    assertThat(preview(BatchAction.RESUME, active))
        .returns(0, Preview::batches)
        .returns(1, Preview::unchanged);
    BatchChoice found = ofAccount(Set.of(), SearchText.parse(Optional.of("campana P")));
    assertThat(preview(BatchAction.RESUME, found))
        .returns(1, Preview::batches)
        .returns(0, Preview::unchanged);
  }

  @Test
  void waitingJobsAreToldOfUncountedBatchesToo() {
    fixture.jobs(jobs(4, "active", "scheduled"));
    fixture.batches(batch("archived").append("pending_jobs", 40));
    fixture.batches(new Document("pending_jobs", 2));
    awaitJobsToCancel(9 + 4 + 40 + 2);
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    awaitJobsToCancel(9 + 4 + 40 + 2);
  }

  /** Uploaders insert a batch and then its jobs; somebody may count in between. */
  @Test
  void waitingJobsAreToldOfBatchesCountedBeforeTheirUpload() {
    fixture.batches(batch("early"));
    BatchAddress early = new BatchAddress("early");
    fixture.pulso().services().status().status(Accounts.ALL, early, soon());
    fixture.jobs(jobs(5, "early", "pending"));
    awaitJobsToCancel(9 + 5);
  }

  @Test
  void sharedWaitingJobsCountOnce() {
    fixture.db().batches().dropIndexes();
    fixture.batches(batch("active"));
    assertThat(preview(BatchAction.CANCEL, ALL)).returns(4, Preview::batches);
    awaitJobsToCancel(9);
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    awaitJobsToCancel(9);
  }

  /** On a busy machine, a preview may go without the count of uncounted batches. */
  private void awaitJobsToCancel(long jobs) {
    Eventually.answer(
        Duration.ofSeconds(20),
        () -> preview(BatchAction.CANCEL, ALL).jobs(),
        told -> told == jobs);
  }

  @Test
  void changedSelectionIsLeftAlone() {
    List<Document> before = batches();
    assertThat(operations.start(Caller.ANONYMOUS, request(BatchAction.CANCEL, ALL), 2, ANA, soon()))
        .isEqualTo(new SelectionChanged(3));
    assertThat(batches()).isEqualTo(before);
    assertThat(fixture.db().operations().countDocuments()).isZero();
  }

  @Test
  void operationOnTooManyIsRefused() {
    List<Document> many =
        Stream.generate(() -> new Document("account_id", "acc-many")).limit(5_001).toList();
    unhurried(fixture.db().batches()).insertMany(many);
    BatchChoice ofMany = new BatchChoice.OfAccount("acc-many", Set.of(), Optional.empty());
    assertThat(operations.preview(Caller.ANONYMOUS, request(BatchAction.PAUSE, ofMany), ANA))
        .isEqualTo(new TooManyBatches(5_001));
    fixture.db().batches().deleteOne(new Document("account_id", "acc-many"));
    assertThat(preview(BatchAction.CANCEL, ofMany))
        .returns(5_000, Preview::batches)
        .satisfies(preview -> assertThat(preview.examples()).hasSize(10));
  }

  @Test
  void onlyWhoMaySeeAllSelectsAll() {
    Caller chile = caller("acc-chile-001");
    assertThatThrownBy(() -> operations.preview(chile, request(BatchAction.CANCEL, ALL), ANA))
        .isInstanceOf(ForbiddenException.class);
    BatchChoice peru = new BatchChoice.OfAccount("acc-peru-001", Set.of(), Optional.empty());
    assertThatThrownBy(() -> operations.preview(chile, request(BatchAction.CANCEL, peru), ANA))
        .isInstanceOf(ForeignAccountException.class);
  }

  @Test
  void refusedAttemptIsAuditedOnce() {
    Caller reader = new Caller(Optional.of("ana"), Accounts.ALL, true, false);
    assertThatThrownBy(
            () -> operations.start(reader, request(BatchAction.PAUSE, ALL), 2, ANA, soon()))
        .isInstanceOf(ForbiddenException.class);
    List<Document> entries = fixture.db().auditLog().find().into(new ArrayList<>());
    assertThat(entries).hasSize(1);
    assertThat(entries.getFirst())
        .containsEntry("action", "batch.pause_denied")
        .containsEntry("batch_id", null)
        .containsEntry("actor", "ana")
        .containsKey("at");
  }

  @Test
  void operationIsShownToWhoSeesAllItsBatches() {
    String both = start(BatchAction.PAUSE, named("active", "peru"), 2);
    String chile = start(BatchAction.RESUME, named("active"), 1);
    String none = start(BatchAction.RESUME, named("nowhere"), 0);
    assertThat(seen(both, caller("acc-chile-001", "acc-peru-001"))).isTrue();
    assertThat(seen(both, caller("acc-chile-001"))).isFalse();
    assertThat(seen(chile, caller("acc-chile-001"))).isTrue();
    assertThat(seen(chile, caller())).isFalse();
    assertThat(seen(none, caller())).as("who began it").isTrue();
    for (Optional<String> subject : List.of(Optional.of("eva"), Optional.<String>empty())) {
      Accounts accounts = Accounts.of(Set.of("acc-chile-001"));
      assertThat(seen(none, new Caller(subject, accounts, true, true))).isFalse();
    }
    assertThat(seen(none, Caller.ANONYMOUS)).isTrue();
    assertThat(seen(new ObjectId().toHexString(), Caller.ANONYMOUS)).isFalse();
    assertThat(seen("no id", Caller.ANONYMOUS)).isFalse();
  }

  @Test
  void batchWithoutAccountHidesOperation() {
    fixture.batches(new Document("batch_id", "bare").append("is_active", true));
    String id = start(BatchAction.PAUSE, named("active", "bare"), 2);
    assertThat(seen(id, caller("acc-chile-001"))).isFalse();
    assertThat(seen(id, Caller.ANONYMOUS)).isTrue();
  }
}
