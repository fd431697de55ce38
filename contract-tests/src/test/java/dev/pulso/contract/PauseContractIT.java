package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** POST /api/v1/batches/{batch_id}/pause and /resume, sentence by sentence. */
class PauseContractIT {
  private static final String PAUSED = "{\"success\":true,\"message\":\"Batch paused\"}";
  private static final String RESUMED = "{\"success\":true,\"message\":\"Batch resumed\"}";

  @AutoClose private static final ContractDatabase database = ContractDatabase.open();
  private static Api api;

  private String id;
  private Document uploaded;

  @BeforeAll
  static void open() {
    api = database.api();
  }

  @BeforeEach
  void upload() {
    id =
        database.batch(
            Builders.batch(ContractDatabase.name("batch"))
                .append("dialer", new Document("lines", 4))
                .append("updated_at", new Date(0)));
    uploaded = database.stored(id);
    database.jobs(Builders.job(id, "pending"));
  }

  @Test
  void pauseAndResumeChangeOnlyTheBatch() {
    List<Document> jobs = database.storedJobs(id);
    assertThat(api.pause(id).ok().body()).isEqualTo(PAUSED);
    isUploadedBut(false);
    assertThat(database.stored(id).getDate("updated_at")).isAfter(new Date(0));
    assertThat(api.resume(id).ok().body()).isEqualTo(RESUMED);
    isUploadedBut(true);
    assertThat(database.storedJobs(id)).isEqualTo(jobs);
  }

  @Test
  void pauseTwiceIsAuditedOnce() {
    api.pause(id).ok();
    Document paused = database.stored(id);
    String hex = paused.getObjectId("_id").toHexString();
    assertThat(api.pause(hex).ok().body()).isEqualTo(PAUSED);
    assertThat(database.stored(id)).isEqualTo(paused);
    assertThat(audited()).containsExactly("batch.paused");
  }

  @Test
  void everyChangeIsAudited() {
    api.pause(id).ok();
    api.resume(id).ok();
    api.pause(id).ok();
    assertThat(audited()).containsExactly("batch.paused", "batch.resumed", "batch.paused");
    Document entry = database.audited(id).getFirst();
    assertThat(entry)
        .containsEntry("account_id", "acc-chile-001")
        .containsEntry("reason", null)
        .containsEntry("actor", null)
        .containsEntry("source_ip", Call.SOURCE_IP)
        .containsEntry("request_id", Call.REQUEST_ID);
    assertThat(entry.getDate("at")).isNotNull();
  }

  @Test
  void inactiveBatchCanBeResumed() {
    database.changeBatch(id, Document.parse("{$unset: {is_active: 1}}"));
    api.resume(id).ok();
    assertThat(database.stored(id)).containsEntry("is_active", true);
  }

  @Test
  void listOfTrueIsMadeActive() {
    database.changeBatch(id, Document.parse("{$set: {is_active: [true]}}"));
    api.resume(id).ok();
    assertThat(database.stored(id)).containsEntry("is_active", true);
    assertThat(audited()).containsExactly("batch.resumed");
  }

  @Test
  void cancelledBatchCannotBePausedOrResumed() {
    api.cancel(id).ok();
    Document cancelled = database.stored(id);
    api.pause(id).problem(409, "BATCH_CANCELLED");
    api.resume(id).problem(409, "BATCH_CANCELLED");
    assertThat(database.stored(id)).isEqualTo(cancelled);
    assertThat(audited()).containsExactly("batch.cancelled");
  }

  @Test
  void unknownBatchIsNotFound() {
    assertThat(api.resume("nope").problem(404, "BATCH_NOT_FOUND").at("detail"))
        .isEqualTo("Batch not found");
  }

  private void isUploadedBut(boolean isActive) {
    Document now = database.stored(id);
    Date at = now.getDate("updated_at");
    // Waits there until its fan-out to webhooks.
    assertThat((List<?>) now.get("pulso", Document.class).remove("events")).isNotEmpty();
    assertThat(now)
        .isEqualTo(
            new Document(uploaded)
                .append("is_active", isActive)
                .append("updated_at", at)
                .append("pulso", new Document("acted_at", at).append("switched_at", at)));
  }

  private List<String> audited() {
    return database.audited(id).stream().map(entry -> entry.getString("action")).toList();
  }
}
