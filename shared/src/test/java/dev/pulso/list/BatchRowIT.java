package dev.pulso.list;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Date;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BatchRowIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void archivedBatchShowsWhatItCarries() {
    fixture.batches(
        batch("b").append("total_jobs", 10).append("pending_jobs", 4).append("failed_jobs", 1));
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    assertThat(row("b"))
        .contains(
            "\"total_jobs\":10,\"pending_jobs\":4,\"scheduled_jobs\":0,\"in_progress_jobs\":0,"
                + "\"completed_jobs\":0,\"failed_jobs\":1,\"suspended_jobs\":0,"
                + "\"cancelled_jobs\":0")
        .contains("\"finished_percentage\":60.0");
  }

  @Test
  void cancelIsShownUntilNoJobWaits() {
    fixture.batches(
        batch("b")
            .append("is_active", false)
            .append("cancelled_at", Date.from(LONG_AGO))
            .append("cancellation_reason", "Cliente")
            .append("pending_jobs", 1)
            .append("total_jobs", 2));
    assertThat(row("b"))
        .contains("\"status\":\"cancelled\",\"is_active\":false,\"is_cancelling\":true")
        .contains(
            "\"cancelled_at\":\"2025-01-15T10:30:00.000000Z\",\"cancellation_reason\":\"Cliente\"");
    fixture.db().batches().updateMany(new Document(), set("pending_jobs", 0));
    assertThat(row("b")).contains("\"status\":\"cancelled\"").contains("\"is_cancelling\":false");
  }

  @Test
  void longTextsAreCut() {
    String cut = "é".repeat(1_999);
    fixture.batches(
        batch("b")
            .append("name", cut + "𝒳")
            .append("description", cut + "xy")
            .append("cancellation_reason", cut + "x"));
    assertThat(Document.parse(row("b")))
        .containsEntry("name", cut)
        .containsEntry("description", cut + "x")
        .containsEntry("cancellation_reason", cut + "x");
    BatchDetails details =
        fixture
            .pulso()
            .services()
            .details()
            .details(Accounts.ALL, new BatchAddress("b"), Deadline.in(Duration.ofSeconds(20)));
    assertThat(Document.parse(JsonWriter.object(details::write)))
        .containsEntry("name", cut + "𝒳")
        .containsEntry("description", cut + "xy");
  }

  private String row(String batchId) {
    return new Batches(fixture.db())
        .find(Accounts.ALL, new BatchAddress(batchId))
        .map(Counted::of)
        .map(row -> JsonWriter.object(json -> BatchRow.write(json, row)))
        .orElseThrow();
  }
}
