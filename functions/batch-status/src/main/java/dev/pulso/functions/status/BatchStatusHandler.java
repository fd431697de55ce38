package dev.pulso.functions.status;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.BatchFields;
import dev.pulso.batch.Counted;
import dev.pulso.batch.Counters;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.redis.RedisSharing;
import dev.pulso.time.Deadline;
import java.util.Map;

/** GET /api/v1/batches/{batch_id}/status: for polling. */
public final class BatchStatusHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchStatusHandler() {
    // A method reference would load RedisSharing even without a Redis.
    this(ColdStart.pulso(settings -> RedisSharing.open(settings)));
  }

  /** Uses a Pulso that the caller closes. */
  public BatchStatusHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-status", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    BatchAddress address = new BatchAddress(request.pathParameter("batch_id"));
    Map<String, String> limit = pulso.pollLimit().admit(caller, address.canonical());
    Accounts visible = caller.readable();
    Counted polled = pulso.ask(all -> all.status().status(visible, address, deadline));
    Batch batch = polled.batch();
    Counters counters = polled.counters();
    return Answers.revalidated(
        request,
        limit,
        json ->
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
                .time("completed_at", batch.time(BatchFields.COMPLETED_AT)));
  }
}
