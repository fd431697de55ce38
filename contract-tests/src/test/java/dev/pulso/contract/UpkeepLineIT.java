package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.fixture.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** The log line of each upkeep run. */
class UpkeepLineIT {
  private static final Duration BUDGET = Duration.ofSeconds(20);
  private static final int MINUTES = 10;

  @Test
  void lineReportsFoundAndFinishedWork() {
    try (ContractDatabase database = ContractDatabase.open();
        ObservedApi api = new ObservedApi(database.options(Map.of()))) {
      JsonNode busy =
          Eventually.answer(
              Duration.ofSeconds(60),
              () -> {
                upload(database);
                return run(api);
              },
              // A busy server may leave work to the next run.
              line ->
                  figure(line, "jobs_cancelled") == 6
                      && figure(line, "cancels_finished") == 2
                      && figure(line, "batches_swept") == 1);
      assertThat(busy.get("event").textValue()).isEqualTo("upkeep");
      assertThat(busy.get("endpoint").textValue()).isEqualTo("batch-upkeep");
      assertThat(busy.get("outcome").textValue()).isEqualTo("ok");
      assertThat(busy.get("database_calls").intValue()).isPositive();
      assertThat(EmbeddedMetrics.units(busy))
          .containsOnly(
              Map.entry("upkeep_runs", "Count"),
              Map.entry("upkeep_ms", "Milliseconds"),
              Map.entry("operations_open", "Count"),
              Map.entry("cancels_open", "Count"),
              Map.entry("oldest_open_cancel_s", "Seconds"),
              Map.entry("cancels_finished", "Count"),
              Map.entry("batches_swept", "Count"),
              Map.entry("fences_restored", "Count"),
              Map.entry("jobs_cancelled", "Count"),
              Map.entry("recounts", "Count"),
              Map.entry("groups_uncounted", "Count"),
              Map.entry("totals_rebuilt", "Count"),
              Map.entry("oldest_due_delivery_s", "Seconds"),
              Map.entry("indexes_refused", "Count"),
              Map.entry("upkeep_step_failures", "Count"));
      assertThat(figure(busy, "cancels_open")).isEqualTo(2);
      assertThat(figure(busy, "oldest_open_cancel_s")).isBetween(MINUTES * 60, MINUTES * 60 + 60);
      assertThat(figure(busy, "cancels_finished")).isEqualTo(2);
      assertThat(figure(busy, "batches_swept")).isEqualTo(1);
      assertThat(figure(busy, "fences_restored")).isEqualTo(1);
      assertThat(figure(busy, "jobs_cancelled")).isEqualTo(6);
      assertThat(figure(busy, "recounts")).isGreaterThanOrEqualTo(3);

      JsonNode idle = run(api);
      assertThat(EmbeddedMetrics.units(idle)).as("an alarm has to see it end").hasSize(15);
      for (String none :
          new String[] {
            "cancels_open", "oldest_open_cancel_s", "cancels_finished", "jobs_cancelled"
          }) {
        assertThat(figure(idle, none)).as(none).isZero();
      }
    }
  }

  private static JsonNode run(ObservedApi api) {
    api.pulso().runUpkeep(BUDGET);
    return api.line();
  }

  private static void upload(ContractDatabase database) {
    database.db().batches().deleteMany(new Document());
    database.db().jobs().deleteMany(new Document());
    Instant longAgo = database.db().now().minus(Duration.ofMinutes(MINUTES));
    database.batch(cutOff("older", longAgo));
    database.batch(cutOff("newer", longAgo.plusSeconds(60)));
    database.jobs(jobs(3, "older", "pending"));
    database.jobs(jobs(1, "newer", "scheduled"));
    Document swept = cutOff("swept", longAgo);
    swept.remove("pulso");
    database.batch(swept.append("is_active", true));
    database.jobs(jobs(2, "swept", "pending"));
  }

  private static Document cutOff(String id, Instant cancelledAt) {
    return batch(id)
        .append("is_active", false)
        .append("cancelled_at", Date.from(cancelledAt))
        .append("pulso", new Document("cancel", new Document("open", true)));
  }

  private static int figure(JsonNode line, String name) {
    return line.get(name).intValue();
  }
}
