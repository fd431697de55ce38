package dev.pulso.functions.details;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.list.BatchDetails;
import dev.pulso.time.Deadline;

/** GET /api/v1/batches/{batch_id}: one batch and its history. */
public final class BatchDetailsHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchDetailsHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchDetailsHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-details", "GET");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    BatchAddress address = new BatchAddress(request.pathParameter("batch_id"));
    Accounts visible = caller.readable();
    BatchDetails details = pulso.ask(all -> all.details().details(visible, address, deadline));
    return Answers.revalidated(request, details::write);
  }
}
