package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchFields;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.RecordedCommands;
import dev.pulso.list.SearchText;
import dev.pulso.mongo.Lenient;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** What operations do to their batches. */
class OperationsIT extends ThreeBatches {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

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
    assertThat(fixture.db().operations().find().first()).doesNotContainKey("batches");
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
  void smallCancelsAreCompletedTogether() {
    AtomicInteger tries = new AtomicInteger();
    // On a busy server, each batch may be written alone afterwards.
    Eventually.isTrue(
        Duration.ofMinutes(2), () -> cancelSmallOnes("small-" + tries.incrementAndGet()) < 2 * 41);
  }

  /** Cancels 41 batches of an account, and returns how many commands the request sent. */
  private int cancelSmallOnes(String account) {
    for (int i = 0; i < 40; i++) {
      fixture.batches(batch(account + "-" + i).append("account_id", account));
      fixture.jobs(jobs(2, account + "-" + i, "pending"));
    }
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    // Never counted, so completed alone.
    fixture.batches(batch(account).append("account_id", account));
    fixture.jobs(jobs(2, account, "pending"));
    BatchChoice small = new BatchChoice.OfAccount(account, Set.of(), Optional.empty());
    AtomicInteger commands = new AtomicInteger();
    int sent;
    CommandListener counter =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            commands.incrementAndGet();
          }
        };
    try (Pulso watched = fixture.another(counter)) {
      OperationOutcome outcome =
          watched
              .services()
              .operations()
              .start(Caller.ANONYMOUS, request(BatchAction.CANCEL, small), 41, ANA, soon());
      sent = commands.get();
      Operation operation = finished(((Accepted) outcome).operationId());
      assertThat(operation).returns(41L, Operation::done).returns(82L, Operation::jobsCancelled);
    }
    Document waiting = new Document("account_id", account).append("pulso.cancel.open", true);
    assertThat(fixture.db().batches().countDocuments(waiting)).isZero();
    assertThat(stored(account + "-7")).containsEntry("pending_jobs", 0L);
    return sent;
  }

  @Test
  void oneUpdateNotesEachCountOfCancelledJobs() {
    fixture.jobs(jobs(1, "paused", "cancelled"));
    fixture.batches(batch("none"), new Document("batch_id", 7));
    RecordedCommands sent = new RecordedCommands() {};
    List<String> ids = batches().stream().map(batch -> "" + batch.get("_id")).toList();
    OperationOutcome outcome;
    try (Pulso watched = fixture.another(sent)) {
      outcome =
          watched
              .services()
              .operations()
              .start(Caller.ANONYMOUS, request(BatchAction.CANCEL, ALL), 5, ANA, soon());
    }
    // On a busy machine, its halves may follow.
    assertThat(sent.all())
        .filteredOn(command -> command.getFirstKey().equals("update"))
        .filteredOn(command -> command.toString().contains(BatchFields.CANCEL_OPERATION))
        .first()
        .satisfies(update -> assertThat(update.getArray("updates")).hasSize(1))
        .asString()
        .contains(ids);
    finished(((Accepted) outcome).operationId());
    assertThat(batches())
        .extracting(batch -> Lenient.count(BatchFields.cancelOf(batch).get("cancelled_earlier")))
        .containsExactly(2L, 3L, 2L, 0L, 0L);
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
  void actionsChangeExactlyWhatTheirUpdateWould() {
    Random random = new Random(20_251_126);
    List<Object> odd =
        Arrays.asList(
            null,
            true,
            false,
            "true",
            1,
            new Date(0),
            "",
            "Fin",
            List.of(true),
            Arrays.asList(false, null, ""));
    for (int i = 0; i < 300; i++) {
      Document batch = new Document("batch_id", "odd-" + i).append("account_id", "acc-odd");
      for (String field : List.of("is_active", "cancelled_at", "cancellation_reason")) {
        if (random.nextInt(4) > 0) {
          batch.append(field, odd.get(random.nextInt(odd.size())));
        }
      }
      fixture.batches(batch);
    }
    BatchChoice ofOdd =
        new BatchChoice.OfAccount("acc-odd", Set.of(), NO_REASON.map(SearchText::new));
    for (BatchAction action : List.of(BatchAction.PAUSE, BatchAction.RESUME, BatchAction.CANCEL)) {
      Operation operation = run(action, ofOdd, NO_REASON);
      assertThat(operation.batches()).as(action.value()).isPositive();
      assertThat(operation.done()).as(action.value()).isEqualTo(operation.batches());
      assertThat(preview(action, ofOdd).batches()).as(action.value()).isZero();
    }
  }

  /** Upkeep may come between any two commands of the request. */
  @Test
  void lockedBatchDelaysNoOther() {
    try (var session = fixture.db().client().startSession()) {
      session.startTransaction();
      fixture.db().batches().updateOne(session, byId("active"), set("locked", true));
      String id = start(BatchAction.CANCEL, ALL, 3);
      awaitFences(id, "peru", "paused");
      session.abortTransaction();
      Eventually.isTrue(PATIENCE, () -> found(id).done() == 3);
    }
  }

  @Test
  void refusedBatchDelaysNoOther() {
    fixture.batches(batch("refused").append("name", 7));
    Document isText = new Document("name", new Document("$not", new Document("$type", "int")));
    validate(isText);
    String id = start(BatchAction.CANCEL, ALL, 4);
    awaitFences(id, "active", "paused", "peru");
    Eventually.isTrue(PATIENCE, () -> found(id).done() == 3);
    assertThat(found(id).finishedAt()).isEmpty();
    validate(new Document());
    Eventually.isTrue(PATIENCE, () -> found(id).done() == 4);
  }

  /** Most are there already; on a busy machine, whoever asks for the operation carries it on. */
  private void awaitFences(String operation, String... batches) {
    Eventually.isTrue(
        PATIENCE,
        () -> {
          assertThat(found(operation).finishedAt()).isEmpty();
          return Stream.of(batches).allMatch(batch -> stored(batch).containsKey("cancelled_at"));
        });
  }
}
