package dev.pulso.cancel;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

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

  private Document uploaded(String id) {
    fixture.batches(batch(id));
    return stored(id);
  }

  private void writeBack(Document document) {
    fixture.db().batches().replaceOne(new Document("_id", document.get("_id")), document);
  }
}
