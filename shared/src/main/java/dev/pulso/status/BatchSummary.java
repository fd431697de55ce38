package dev.pulso.status;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import dev.pulso.batch.Rounding;
import dev.pulso.text.JsonWriter;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The summary of a batch.
 *
 * @param counted the batch, and counters that are exact at the time of the call
 * @param hours the last 24 hours in which calls ended, newest first
 */
public record BatchSummary(Counted counted, List<HourlyStats> hours) {
  /** Writes the fields of its JSON object, in the order of the contract. */
  public void write(JsonWriter json) {
    Batch batch = counted.batch();
    Counters counters = counted.counters();
    json.text("batch_id", batch.name())
        .text("name", batch.text(BatchFields.NAME))
        .text("account_id", batch.accountId())
        .text("status", counted.state().text())
        .number("total_jobs", counters.total())
        .number("pending_jobs", counters.pending())
        .number("completed_jobs", counters.completed())
        .number("failed_jobs", counters.failed())
        .number("suspended_jobs", counters.suspended())
        .number("completion_rate", counters.progressPercentage())
        .number("total_cost", counters.cost())
        .number("total_minutes", counters.minutes())
        .number("priority", batch.priority())
        .time("created_at", batch.time(BatchFields.CREATED_AT))
        .time("started_at", batch.time(BatchFields.STARTED_AT))
        .time("completed_at", batch.time(BatchFields.COMPLETED_AT))
        .array("hourly_stats", hours, BatchSummary::hour);
  }

  private static void hour(JsonWriter json, HourlyStats stats) {
    OffsetDateTime hour = stats.hour().atOffset(ZoneOffset.UTC);
    json.number("hour", hour.getHour())
        .text("date", hour.toLocalDate().toString())
        .number("total_calls", stats.calls())
        .number("successful_calls", stats.successful())
        .number("success_rate", Rounding.percentage(stats.successful(), stats.calls()));
  }
}
