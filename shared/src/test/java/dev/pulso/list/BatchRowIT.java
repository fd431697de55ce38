package dev.pulso.list;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counted;
import dev.pulso.batch.JobStatus;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.text.JsonWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BatchRowIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void rowHasFieldsOfContractInOrder() {
    fixture.batches(
        batch("b")
            .append("_id", new ObjectId("678790a00000000000000002"))
            .append("description", "Llamadas de marzo")
            .append("estimated_cost", 12.345678));
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < JobStatus.ALL.size(); i++) {
      for (int n = 0; n <= i; n++) {
        jobs.add(job("b", JobStatus.ALL.get(i)).append("call_result", call(100, 60_000)));
      }
    }
    fixture.jobs(jobs);
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    assertThat(row("b"))
        .isEqualTo(
            """
            {"_id":"678790a00000000000000002","batch_id":"b","account_id":"acc-chile-001",\
            "name":"Campaña b","description":"Llamadas de marzo","status":"active",\
            "is_active":true,"is_cancelling":false,"priority":2,"total_jobs":36,\
            "pending_jobs":1,"scheduled_jobs":2,"in_progress_jobs":3,"completed_jobs":9,\
            "failed_jobs":6,"suspended_jobs":7,"cancelled_jobs":8,"total_cost":36.0,\
            "total_minutes":36.0,"estimated_cost":12.3457,"progress_percentage":25.0,\
            "finished_percentage":83.33,"created_at":"2025-01-15T10:30:00.000000Z",\
            "started_at":"2025-01-15T10:30:00.000000Z","completed_at":null,\
            "cancelled_at":null,"cancellation_reason":null,\
            "last_activity_at":"2025-01-15T10:30:00.000000Z"}""");
  }

  @Test
  void oddValuesCostTheirOwnField() {
    fixture.batches(
        new Document("_id", 7L)
            .append("batch_id", "b")
            .append("account_id", List.of("a"))
            .append("name", 7)
            .append("description", List.of("text"))
            .append("priority", "alta")
            .append("is_active", "yes")
            .append("total_jobs", -5)
            .append("pending_jobs", "many")
            .append("total_cost", Double.NaN)
            .append("estimated_cost", "much")
            .append("created_at", "2025-01-15")
            .append("cancelled_at", false)
            .append("cancellation_reason", 5)
            .append("pulso", List.of(new Document("figures", new Document("total", 3L)))));
    assertThat(row("b"))
        .isEqualTo(
            """
            {"_id":"7","batch_id":"b","account_id":null,"name":null,"description":null,\
            "status":"paused","is_active":false,"is_cancelling":false,"priority":1,\
            "total_jobs":0,"pending_jobs":0,"scheduled_jobs":0,"in_progress_jobs":0,\
            "completed_jobs":0,"failed_jobs":0,"suspended_jobs":0,"cancelled_jobs":0,\
            "total_cost":0.0,"total_minutes":0.0,"estimated_cost":null,\
            "progress_percentage":0.0,"finished_percentage":0.0,"created_at":null,\
            "started_at":null,"completed_at":null,"cancelled_at":null,\
            "cancellation_reason":null,"last_activity_at":null}""");
  }

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

  private String row(String batchId) {
    return new Batches(fixture.db())
        .find(Accounts.ALL, new BatchAddress(batchId))
        .map(Counted::of)
        .map(row -> JsonWriter.object(json -> BatchRow.write(json, row)))
        .orElseThrow();
  }
}
