package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Eventually;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations and single changes of the same batches. */
class OverlappingOperationsIT extends ThreeBatches {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void nobodyTakesLeaseBeforeRequestFences() {
    OperationStore store = new OperationStore(fixture.db());
    CommandListener rival =
        new CommandListener() {
          @Override
          public void commandSucceeded(CommandSucceededEvent event) {
            store.unfinished(1_000).forEach(id -> store.lease(id, Duration.ofHours(1)));
          }
        };
    try (Pulso other = fixture.another(rival)) {
      OperationRequest pause = request(BatchAction.PAUSE, named("active"));
      // Again, if the machine stood still for as long as the lease holds.
      Eventually.isTrue(
          PATIENCE,
          () -> {
            other.services().operations().start(Caller.ANONYMOUS, pause, 1, ANA, soon());
            return !stored("active").getBoolean("is_active");
          });
    }
  }

  @Test
  void whatIsDecidedAfterwardsStands() {
    String pause = start(BatchAction.PAUSE, named("active", "peru"), 2);
    fixture.pulso().services().pause().resume(Caller.ANONYMOUS, new BatchAddress("active"), ANA);
    unfinish(pause, "active", "peru");
    finished(pause);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(stored("peru")).containsEntry("is_active", false);
    assertThat(audit("peru")).hasSize(1);
  }

  /** A new primary's clock may be behind that of the one before. */
  @Test
  void decisionFromTheFutureIsOld() {
    fixture.db().batches().updateOne(byId("active"), set("pulso.switched_at", later(0)));
    Operation pause = run(BatchAction.PAUSE, named("active"), NO_REASON);
    assertThat(pause).returns(1L, Operation::done);
    assertThat(stored("active")).containsEntry("is_active", false);
  }

  /** The clock may have been set back long after the operation was stored. */
  @Test
  void oldOperationLeavesDecisionFromTheFuture() {
    String pause = cutOff(BatchAction.PAUSE, "active");
    change(pause, set("created_at", Date.from(fixture.db().now().minus(Duration.ofHours(1)))));
    fixture.db().batches().updateOne(byId("active"), set("pulso.switched_at", later(0)));
    finished(pause);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(found(pause)).returns(0L, Operation::done).returns(1L, Operation::unchanged);
  }

  /** Their times lie ahead if the server's clock was set back afterwards. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void laterOperationWinsThoughItActsFirst(boolean isClockSetBack) {
    String pause = cutOff(BatchAction.PAUSE, "active");
    String resume = cutOff(BatchAction.RESUME, "active");
    if (isClockSetBack) {
      change(pause, set("created_at", later(0)));
      change(resume, set("created_at", later(1)));
    }
    fixture.db().batches().updateOne(byId("active"), set("is_active", false));
    finished(resume);
    finished(pause);
    assertThat(stored("active")).containsEntry("is_active", true);
    assertThat(audit("active"))
        .extracting(entry -> entry.get("operation_id"))
        .containsExactly(resume);
    assertThat(found(pause)).returns(0L, Operation::done).returns(1L, Operation::unchanged);
  }

  @Test
  void operationsAtOnceEachComeToAnEnd() {
    List<CompletableFuture<String>> begun = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (BatchAction action : BatchAction.values()) {
        begun.add(atOnce(() -> startWhatThereIs(action)));
      }
      begun.add(
          atOnce(
              () -> {
                cancel("peru");
                return startWhatThereIs(BatchAction.RESUME);
              }));
    }
    long done = 0;
    for (CompletableFuture<String> id : begun) {
      done += finished(id.join()).done();
    }
    List<Document> entries = fixture.db().auditLog().find().into(new ArrayList<>());
    assertThat(entries.stream().filter(e -> e.containsKey("operation_id"))).hasSize((int) done);
    for (String batch : List.of("active", "paused", "peru")) {
      assertThat(audit(batch).stream().filter(e -> e.get("action").equals("batch.cancelled")))
          .as("cancels of " + batch)
          .hasSize(1);
      assertThat(stored(batch))
          .containsEntry("is_active", false)
          .containsEntry("pending_jobs", 0L)
          .containsKey("cancelled_at");
    }
  }

  /** The pool that a future takes otherwise has one thread on two processors. */
  private static CompletableFuture<String> atOnce(Supplier<String> operation) {
    return CompletableFuture.supplyAsync(operation, Thread::startVirtualThread);
  }

  /** Another operation may change the number between dry run and start. */
  private String startWhatThereIs(BatchAction action) {
    OperationRequest request = request(action, ALL);
    OperationOutcome outcome;
    do {
      Preview preview = (Preview) operations.preview(Caller.ANONYMOUS, request, ANA);
      outcome = operations.start(Caller.ANONYMOUS, request, preview.batches(), ANA, soon());
    } while (!(outcome instanceof Accepted));
    return ((Accepted) outcome).operationId();
  }

  /** Stores an operation that nobody has begun. */
  private String cutOff(BatchAction action, String batch) {
    String id = start(action, named("nowhere"), 0);
    unfinish(id, batch);
    return id;
  }

  private Date later(int ms) {
    return Date.from(fixture.db().now().plus(Duration.ofHours(1)).plusMillis(ms));
  }
}
