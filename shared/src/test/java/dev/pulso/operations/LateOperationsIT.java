package dev.pulso.operations;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchFields;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.SlowCommand;
import dev.pulso.operations.OperationOutcome.Accepted;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;

/**
 * The time is over while operations are carried on. What is left waits for the next who does so.
 */
class LateOperationsIT extends ThreeBatches {
  @Test
  void upkeepBeginsNoOperationTooLate() {
    List<String> ids = IntStream.range(0, 4).mapToObj(i -> unfinished()).toList();
    SlowCommand lease =
        new SlowCommand("findAndModify", "pulso_operations", Duration.ofMillis(1_600));
    try (Pulso slow = fixture.another(lease)) {
      slow.runUpkeep(Duration.ofSeconds(3));
    }
    assertThat(lease.calls()).hasValueLessThan(2);
    ids.forEach(this::finished);
  }

  @Test
  void manyThatCannotFinishDelayNoOther() {
    fixture.batches(batch("refused").append("name", 7));
    Document isText = new Document("name", new Document("$not", new Document("$type", "int")));
    validate(isText);
    for (int i = 0; i < 100; i++) {
      unfinished(stored("refused").get("_id"));
    }
    String later = unfinished(stored("active").get("_id"));
    fixture.upkeepUntil(() -> !stored("active").getBoolean("is_active"));
    finished(later);
  }

  @Test
  void whoAsksChangesAllButLockedBatch() {
    String id = unfinished(stored("active").get("_id"), stored("peru").get("_id"));
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      fixture.db().batches().updateOne(somebody, byId("active"), set("locked", true));
      Eventually.isTrue(
          Duration.ofSeconds(20),
          () -> {
            assertThat(found(id).finishedAt()).isEmpty();
            return !stored("peru").getBoolean("is_active");
          });
      somebody.abortTransaction();
    }
    assertThat(finished(id).done()).isEqualTo(2);
  }

  @Test
  void deliveryEndsWithItsTime() {
    String id = unfinished();
    unhurried(fixture.db().batches())
        .insertMany(IntStream.range(0, 1_001).mapToObj(i -> undelivered(i, id)).toList());
    SlowCommand read =
        new SlowCommand("find", BatchFields.OUTBOX_OPERATION_ID, Duration.ofMillis(1_100));
    try (Pulso slow = fixture.another(read)) {
      slow.services().operations().find(Caller.ANONYMOUS, id, ANA, soon());
    }
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(500);
    assertThat(finished(id).done()).isEqualTo(1_001);
  }

  /** The marker does not wait for the count of jobs that were cancelled before. */
  @Test
  void slowCountIsRepeatedAfterFences() {
    SlowCommand count =
        new SlowCommand("aggregate", "\"status\": \"cancelled\"", Duration.ofMillis(1_100));
    String id;
    try (Pulso slow = fixture.another(count)) {
      OperationService operations = slow.services().operations();
      OperationRequest cancel = request(BatchAction.CANCEL, ALL);
      id = ((Accepted) operations.start(Caller.ANONYMOUS, cancel, 3, ANA, soon())).operationId();
    }
    assertThat(count.calls()).hasPositiveValue();
    assertThat(finished(id).jobsCancelled()).isEqualTo(9);
  }

  private String unfinished(Object... batches) {
    ObjectId id = new ObjectId();
    fixture
        .db()
        .operations()
        .insertOne(
            new Document("_id", id)
                .append("action", "pause")
                .append("created_at", new Date())
                .append("batches", List.of(batches))
                .append("accounts", List.of("acc-chile-001"))
                .append("unfinished", true));
    return id.toHexString();
  }

  private static Document undelivered(int number, String operation) {
    Document entry = new Document("_id", number).append("operation_id", operation);
    return batch("late-" + number)
        .append("pulso", new Document("outbox", List.of(entry.append("action", "batch.paused"))));
  }
}
