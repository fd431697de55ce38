package dev.pulso.functions.cancel;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.cancel.CancelReason;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.time.Deadline;
import java.util.Optional;

/** POST /api/v1/batches/{batch_id}/cancel: cancels a batch permanently. */
public final class BatchCancelHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchCancelHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchCancelHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-cancel", "POST");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    BatchAddress address = new BatchAddress(request.pathParameter("batch_id"));
    Optional<String> reason = CancelReason.parse(request.queryParameter("reason"));
    CancelOutcome outcome =
        pulso.ask(
            all -> all.cancel().cancel(caller, address, reason, request.origin(caller), deadline));
    int status =
        switch (outcome) {
          case CancelOutcome.Cancelled done -> 200;
          case CancelOutcome.StillCancelling accepted -> 202;
        };
    return Answers.json(
        status,
        json ->
            json.flag("success", true)
                .text("message", "Batch cancelled successfully")
                .text("reason", outcome.reason()));
  }
}
