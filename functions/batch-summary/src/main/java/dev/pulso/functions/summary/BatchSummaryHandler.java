package dev.pulso.functions.summary;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.status.BatchSummary;
import dev.pulso.time.Deadline;

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
    return Answers.revalidated(request, summary::write);
  }
}
