package dev.pulso.list;

import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import dev.pulso.batch.Rounding;
import dev.pulso.text.JsonWriter;

/** The JSON of a batch as lists show it. */
public final class BatchRow {
  /** The longest text of a batch that an answer shows alone, as {@link JsonWriter#LISTED}. */
  private static final int LONGEST_ALONE = 200_000;

  private BatchRow() {}

  /**
   * Returns whether its cancel is set, and jobs still wait. A batch without any job may carry
   * counters that say so.
   */
  private static boolean isCancelling(Batch batch, Counters counters) {
    boolean mayHaveJobs = batch.isCounted() || !batch.wasRecounted();
    return batch.isMarked() && mayHaveJobs && counters.pending() + counters.scheduled() > 0;
  }

  /** Writes the fields, in the order of the contract. Longer texts are cut. */
  public static void write(JsonWriter json, Counted row) {
    write(json, row, JsonWriter.LISTED);
  }

  /** Writes the fields of a batch that an answer shows alone. */
  static void writeAlone(JsonWriter json, Counted row) {
    write(json, row, LONGEST_ALONE);
  }

  private static void write(JsonWriter json, Counted row, int longest) {
    Batch batch = row.batch();
    Counters counters = row.counters();
    json.text("_id", batch.idText())
        .text("batch_id", batch.name())
        .text("account_id", batch.accountId())
        .text("name", batch.text(BatchFields.NAME), longest)
        .text("description", batch.text(BatchFields.DESCRIPTION), longest)
        .text("status", row.state().text())
        .flag("is_active", batch.isActive())
        .flag("is_cancelling", isCancelling(batch, counters))
        .number("priority", batch.priority())
        .number("total_jobs", counters.total())
        .number("pending_jobs", counters.pending())
        .number("scheduled_jobs", counters.scheduled())
        .number("in_progress_jobs", counters.inProgress())
        .number("completed_jobs", counters.completed())
        .number("failed_jobs", counters.failed())
        .number("suspended_jobs", counters.suspended())
        .number("cancelled_jobs", counters.cancelled())
        .number("total_cost", counters.cost())
        .number("total_minutes", counters.minutes())
        .number("estimated_cost", batch.number(BatchFields.ESTIMATED_COST).map(Rounding::figure))
        .number("progress_percentage", counters.progressPercentage())
        .number("finished_percentage", counters.finishedPercentage())
        .time("created_at", batch.time(BatchFields.CREATED_AT))
        .time("started_at", batch.time(BatchFields.STARTED_AT))
        .time("completed_at", batch.time(BatchFields.COMPLETED_AT))
        .time("cancelled_at", batch.time(BatchFields.CANCELLED_AT))
        .text("cancellation_reason", batch.cancellationReason(), longest)
        .time("last_activity_at", batch.lastActivityAt());
  }
}
