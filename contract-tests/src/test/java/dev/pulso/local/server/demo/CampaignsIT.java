package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Random;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CampaignsIT {
  private final TestDatabase database = new TestDatabase();
  private final MovableClock clock = new MovableClock(Instant.parse("2026-03-04T15:00:00Z"));
  private final Campaigns campaigns = new Campaigns(database.collections, clock, new Random(1));

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void scheduledJobsBecomePendingOnTime() {
    batch("b", BatchDocuments.DEMO);
    job("b", "scheduled", Duration.ofMinutes(-1));
    job("b", "scheduled", Duration.ofMinutes(1));
    campaigns.look();
    assertThat(count("b", "pending")).isEqualTo(1);
    assertThat(count("b", "scheduled")).isEqualTo(1);
  }

  @Test
  void newBatchIsUploadedWhenWorkEnds() {
    campaigns.look();
    Document batch = database.collections.batches().find().first();
    assertThat(batch.getBoolean("is_active")).isTrue();
    long jobs = count(batch.getString("batch_id"), "pending");
    assertThat(jobs).isBetween(200L, 400L);
    campaigns.look();
    assertThat(database.collections.batches().countDocuments()).isEqualTo(1);
  }

  @Test
  void onlyFinishedSmallBatchesAreClosed() {
    batch("live", BatchDocuments.DEMO_LIVE);
    batch("first", BatchDocuments.DEMO);
    job("live", "done", Duration.ZERO);
    job("first", "done", Duration.ZERO);
    campaigns.look();
    assertThat(isActive("live")).isFalse();
    assertThat(isActive("first")).isTrue();
  }

  @Test
  void callsOfKilledDialersReturn() {
    batch("b", BatchDocuments.DEMO);
    job("b", "in_progress", Duration.ofMinutes(-5));
    job("b", "in_progress", Duration.ZERO);
    campaigns.returnLostCalls();
    assertThat(count("b", "pending")).isEqualTo(1);
    assertThat(count("b", "in_progress")).isEqualTo(1);
  }

  private void batch(String id, String uploadedBy) {
    database
        .collections
        .batches()
        .insertOne(
            new Document("batch_id", id)
                .append("is_active", true)
                .append(BatchDocuments.UPLOADED_BY, uploadedBy));
  }

  private void job(String batchId, String status, Duration from) {
    Date at = Date.from(clock.instant().plus(from));
    database
        .collections
        .jobs()
        .insertOne(
            new Document("batch_id", batchId)
                .append("status", status)
                .append("started_at", at)
                .append("next_try_at", at));
  }

  private long count(String batchId, String status) {
    return database
        .collections
        .jobs()
        .countDocuments(new Document("batch_id", batchId).append("status", status));
  }

  private boolean isActive(String batchId) {
    return database
        .collections
        .batches()
        .find(eq("batch_id", batchId))
        .first()
        .getBoolean("is_active");
  }
}
