package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.batch.AuditLog;
import dev.pulso.batch.Batch;
import dev.pulso.batch.Batches;
import dev.pulso.batch.CancellationMarkers;
import dev.pulso.batch.Outbox;
import java.time.Duration;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Another program writes back a batch from before its cancel, or uploads it again. */
class RestoredBatchIT extends CancelWorld {
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
  void refusedPauseLeavesFirstCancel() {
    Document cancelled = cancelledTwice();
    assertThat(fixture.pause("b")).isEqualTo(PauseOutcome.CANCELLED);
    firstCancelStands(cancelled);
  }

  @Test
  void firstCancelStandsThoughUpkeepDies() {
    Document cancelled = cancelledTwice();
    CommandListener killer =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (isRead(event.getCommand(), fixture.db().auditLog())) {
              throw new AssertionError("dies");
            }
          }
        };
    try (Pulso dying = fixture.another(killer)) {
      assertThatThrownBy(() -> dying.runUpkeep(Duration.ofSeconds(20))).hasMessage("dies");
    }
    firstCancelStands(cancelled);
  }

  private static boolean isRead(BsonDocument command, MongoCollection<Document> collection) {
    BsonString name = new BsonString(collection.getNamespace().getCollectionName());
    return name.equals(command.get("find"));
  }

  /** Cancels a batch, writes it back, and sets the marker again in a process that dies then. */
  private Document cancelledTwice() {
    Document before = uploaded("b");
    cancel("b", "basta");
    Document cancelled = stored("b");
    writeBack(before);
    AuditLog auditLog = new AuditLog(fixture.db());
    Batches batches = new Batches(fixture.db());
    Batch again = batches.find(Accounts.ALL, before.get("_id")).orElseThrow();
    new CancellationMarkers(fixture.db(), batches, auditLog, new Outbox(fixture.db()))
        .set(Accounts.ALL, again, Optional.of("late"), ORIGIN, Optional.empty());
    return cancelled;
  }

  private void firstCancelStands(Document cancelled) {
    upkeep();
    assertThat(stored("b"))
        .containsEntry("cancellation_reason", "basta")
        .containsEntry("cancelled_at", cancelled.get("cancelled_at"));
    assertThat(audit()).hasSize(1);
  }

  private Document uploaded(String id) {
    fixture.batches(batch(id));
    return stored(id);
  }

  private void writeBack(Document document) {
    fixture.db().batches().replaceOne(new Document("_id", document.get("_id")), document);
  }
}
