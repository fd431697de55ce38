package dev.pulso.functions.status;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Counted;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.redis.RedisSharing;
import dev.pulso.status.StatusBody;
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
    return Answers.revalidated(request, limit, json -> StatusBody.write(json, polled));
  }
}
