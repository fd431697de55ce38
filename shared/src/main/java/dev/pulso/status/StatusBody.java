package dev.pulso.status;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import dev.pulso.text.JsonWriter;

/** The JSON of a batch's status: the answer to a poll, and the data of a pushed message. */
public final class StatusBody {
  private StatusBody() {}

  /** Writes the fields, in the order of the contract. */
  public static void write(JsonWriter json, Counted polled) {
    Batch batch = polled.batch();
    Counters counters = polled.counters();
    json.text("batch_id", batch.name())
        .flag("is_active", batch.isActive())
        .number("total_jobs", counters.total())
        .number("pending_jobs", counters.pending())
        .number("completed_jobs", counters.completed())
        .number("failed_jobs", counters.failed())
        .number("suspended_jobs", counters.suspended())
        .number("total_cost", counters.cost())
        .number("total_minutes", counters.minutes())
        .number("progress_percentage", counters.progressPercentage())
        .time("started_at", batch.time(BatchFields.STARTED_AT))
        .time("completed_at", batch.time(BatchFields.COMPLETED_AT));
  }
}
