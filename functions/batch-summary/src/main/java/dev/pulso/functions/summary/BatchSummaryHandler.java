package dev.pulso.functions.summary;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Rounding;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.status.BatchSummary;
import dev.pulso.status.HourlyStats;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** GET /api/v1/batches/{batch_id}/summary: read once when a batch is opened. */
public final class BatchSummaryHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchSummaryHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchSummaryHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-summary", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    BatchAddress address = new BatchAddress(request.pathParameter("batch_id"));
    Accounts visible = caller.readable();
    BatchSummary summary = pulso.ask(all -> all.summary().summary(visible, address, deadline));
    return Answers.revalidated(
        request,
        json ->
            json.text("batch_id", summary.batchId())
                .text("name", summary.name())
                .text("account_id", summary.accountId())
                .text("status", summary.state().text())
                .number("total_jobs", summary.counters().total())
                .number("pending_jobs", summary.counters().pending())
                .number("completed_jobs", summary.counters().completed())
                .number("failed_jobs", summary.counters().failed())
                .number("suspended_jobs", summary.counters().suspended())
                .number("completion_rate", summary.counters().progressPercentage())
                .number("total_cost", summary.counters().cost())
                .number("total_minutes", summary.counters().minutes())
                .number("priority", summary.priority())
                .time("created_at", summary.createdAt())
                .time("started_at", summary.startedAt())
                .time("completed_at", summary.completedAt())
                .array("hourly_stats", summary.hours(), BatchSummaryHandler::hour));
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
