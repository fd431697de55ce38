package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.ForbiddenException;
import dev.pulso.access.ForeignAccountException;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchState;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.list.SearchText;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.operations.OperationOutcome.SelectionChanged;
import dev.pulso.operations.OperationOutcome.TooManyBatches;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations on many batches. */
class OperationsIT {
  private static final Origin ANA =
      new Origin(Optional.of("ana"), Optional.of("192.0.2.1"), Optional.of("r-1"));
  private static final Optional<String> NO_REASON = Optional.empty();
  private static final BatchChoice ALL = new BatchChoice.All();

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final OperationService operations = fixture.pulso().services().operations();

  @BeforeEach
  void upload() {
    fixture.batches(
        batch("active"),
        batch("paused").append("is_active", false),
        batch("peru").append("account_id", "acc-peru-001"));
    for (String batch : List.of("active", "paused", "peru")) {
      fixture.jobs(jobs(3, batch, "pending"));
      fixture.jobs(jobs(2, batch, "cancelled"));
      fixture.jobs(jobs(1, batch, "in_progress"));
    }
  }

  @Test
  void cancelIsDoneWithEachBatchAudited() {
    Operation operation = run(BatchAction.CANCEL, ALL, Optional.of("$basta"));
    assertThat(operation)
        .returns("cancel", Operation::action)
        .returns(Optional.of("$basta"), Operation::reason)
        .returns(Optional.of("ana"), Operation::actor)
        .returns(3L, Operation::batches)
        .returns(3L, Operation::done)
        .returns(0L, Operation::unchanged)
        .returns(9L, Operation::jobsCancelled);
    assertThat(operation.finishedAt()).isPresent();
    for (String batch : List.of("active", "paused", "peru")) {
      Document stored = stored(batch);
      assertThat(stored)
          .containsEntry("is_active", false)
          .containsEntry("cancellation_reason", "$basta")
          .containsEntry("pending_jobs", 0L);
      assertThat(stored.get("pulso", Document.class)).doesNotContainKey("outbox");
      assertThat(audit(batch)).hasSize(1);
      assertThat(audit(batch).getFirst())
          .containsEntry("action", "batch.cancelled")
          .containsEntry("account_id", stored.get("account_id"))
          .containsEntry("reason", "$basta")
          .containsEntry("at", stored.get("cancelled_at"))
          .containsEntry("actor", "ana")
          .containsEntry("source_ip", "192.0.2.1")
          .containsEntry("request_id", "r-1")
          .containsEntry("operation_id", operation.id());
    }
    assertThat(fixture.db().jobs().countDocuments(new Document("status", "cancelled")))
        .isEqualTo(15);
  }

  @Test
  void actionsChangeWhatSingleOnesWould() {
    Preview pause = preview(BatchAction.PAUSE, ALL);
    assertThat(pause).returns(2, Preview::batches).returns(1, Preview::unchanged);
    assertThat(pause.examples()).extracting(b -> b.name()).containsExactly("active", "peru");
    run(BatchAction.PAUSE, ALL, NO_REASON);
    assertThat(stored("active")).containsEntry("is_active", false);
    assertThat(audit("paused")).isEmpty();
    cancel("peru");
    assertThat(preview(BatchAction.RESUME, ALL))
        .returns(2, Preview::batches)
        .returns(1, Preview::unchanged);
    run(BatchAction.RESUME, ALL, NO_REASON);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(stored("peru")).containsEntry("is_active", false);
    assertThat(audit("active"))
        .extracting(entry -> entry.get("action"))
        .containsExactly("batch.paused", "batch.resumed");
  }

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
        Stream.generate(() -> new Document("account_id", "acc-many"))
            .limit(OperationService.MOST_BATCHES + 7)
            .toList();
    fixture.db().batches().insertMany(many);
    BatchChoice ofMany = new BatchChoice.OfAccount("acc-many", Set.of(), Optional.empty());
    assertThat(operations.preview(Caller.ANONYMOUS, request(BatchAction.PAUSE, ofMany), ANA))
        .isEqualTo(new TooManyBatches(OperationService.MOST_BATCHES + 7));
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
    assertThat(seen(none, caller("acc-chile-001"))).isFalse();
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

  @Test
  void earlierCancelInLogStands() {
    Document before = stored("active");
    cancel("active");
    fixture.db().batches().replaceOne(new Document("batch_id", "active"), before);
    fixture.jobs(jobs(2, "active", "pending"));
    Operation operation = run(BatchAction.CANCEL, named("active", "peru"), Optional.of("late"));
    assertThat(operation.done()).isEqualTo(1);
    assertThat(stored("active")).containsEntry("cancellation_reason", "first");
    assertThat(audit("active")).hasSize(1);
    assertThat(
            fixture
                .db()
                .jobs()
                .distinct("cancellation_reason", new Document("batch_id", "active"), String.class))
        .containsExactly("first");
  }

  @Test
  void whatIsDecidedAfterwardsStands() {
    String pause = start(BatchAction.PAUSE, named("active", "peru"), 2);
    fixture.pulso().services().pause().resume(Caller.ANONYMOUS, new BatchAddress("active"), ANA);
    beginAnew(pause);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(stored("peru")).containsEntry("is_active", false);
    assertThat(audit("peru")).hasSize(1);
  }

  @Test
  void laterOperationWinsThoughItActsFirst() {
    String pause = cutOff(BatchAction.PAUSE, "active");
    String resume = cutOff(BatchAction.RESUME, "active");
    fixture.db().batches().updateOne(byId("active"), set("is_active", false));
    carryOn(resume);
    carryOn(pause);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(audit("active"))
        .extracting(entry -> entry.get("operation_id"))
        .containsExactly(resume);
  }

  @Test
  void lockedBatchDelaysNoOther() {
    try (var session = fixture.db().client().startSession()) {
      session.startTransaction();
      fixture.db().batches().updateOne(session, byId("active"), set("locked", true));
      String id = start(BatchAction.CANCEL, ALL, 3);
      assertThat(stored("peru")).containsKey("cancelled_at");
      assertThat(stored("paused")).containsKey("cancelled_at");
      assertThat(found(id).finishedAt()).isEmpty();
      session.abortTransaction();
      assertThat(found(id)).returns(3L, Operation::done);
    }
  }

  /** Stores an operation that nobody has begun. */
  private String cutOff(BatchAction action, String batch) {
    String id = start(action, named("nowhere"), 0);
    change(id, set("batches", List.of(stored(batch).get("_id"))));
    unfinish(id);
    return id;
  }

  private void beginAnew(String id) {
    unfinish(id);
    carryOn(id);
  }

  private void unfinish(String id) {
    change(id, Document.parse("{$set: {unfinished: true, fenced: 0}, $unset: {finished_at: 1}}"));
  }

  private void change(String id, Document change) {
    fixture.db().operations().updateOne(new Document("_id", new ObjectId(id)), change);
  }

  private void carryOn(String id) {
    assertThat(found(id).finishedAt()).isPresent();
  }

  private Operation run(BatchAction action, BatchChoice choice, Optional<String> reason) {
    OperationRequest request = new OperationRequest(action, choice, reason);
    Preview preview = (Preview) operations.preview(Caller.ANONYMOUS, request, ANA);
    Accepted accepted =
        (Accepted) operations.start(Caller.ANONYMOUS, request, preview.batches(), ANA, soon());
    return found(accepted.operationId());
  }

  private String start(BatchAction action, BatchChoice choice, int expected) {
    OperationOutcome outcome =
        operations.start(Caller.ANONYMOUS, request(action, choice), expected, ANA, soon());
    return ((Accepted) outcome).operationId();
  }

  private Preview preview(BatchAction action, BatchChoice choice) {
    return (Preview) operations.preview(Caller.ANONYMOUS, request(action, choice), ANA);
  }

  private Operation found(String id) {
    return operations.find(Caller.ANONYMOUS, id, ANA, soon()).orElseThrow();
  }

  private boolean seen(String id, Caller caller) {
    return operations.find(caller, id, ANA, soon()).isPresent();
  }

  private void cancel(String batch) {
    fixture
        .pulso()
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, new BatchAddress(batch), Optional.of("first"), ANA, soon());
  }

  private static OperationRequest request(BatchAction action, BatchChoice choice) {
    return new OperationRequest(action, choice, NO_REASON);
  }

  private static BatchChoice named(String... addresses) {
    return new BatchChoice.Named(Stream.of(addresses).map(BatchAddress::new).toList());
  }

  private static BatchChoice ofAccount(Set<BatchState> states, Optional<SearchText> text) {
    return new BatchChoice.OfAccount("acc-chile-001", states, text);
  }

  private static Caller caller(String... accounts) {
    return new Caller(Optional.of("ana"), Accounts.of(Set.of(accounts)), true, true);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static Document byId(String batch) {
    return new Document("batch_id", batch);
  }

  private static Document set(String field, Object value) {
    return new Document("$set", new Document(field, value));
  }

  private List<Document> batches() {
    return fixture.db().batches().find().into(new ArrayList<>());
  }

  private Document stored(String batch) {
    return fixture.db().batches().find(byId(batch)).first();
  }

  private List<Document> audit(String batch) {
    return fixture
        .db()
        .auditLog()
        .find(byId(batch))
        .sort(new Document("at", 1))
        .into(new ArrayList<>());
  }
}
