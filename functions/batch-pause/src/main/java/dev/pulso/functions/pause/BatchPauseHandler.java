package dev.pulso.functions.pause;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.Services;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.PauseOutcome;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.http.Problem;
import dev.pulso.time.Deadline;
import java.util.function.Function;

/** POST /api/v1/batches/{batch_id}/pause and /resume: stops a batch temporarily. */
public final class BatchPauseHandler extends ApiHandler {
  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchPauseHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchPauseHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), "batch-pause", "POST");
    this.pulso = pulso;
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    BatchAddress address = new BatchAddress(request.pathParameter("batch_id"));
    Origin origin = request.origin(caller);
    return switch (request.action()) {
      case "pause" -> answer(all -> all.pause().pause(caller, address, origin), "Batch paused");
      case "resume" -> answer(all -> all.pause().resume(caller, address, origin), "Batch resumed");
      default -> throw new IllegalStateException("unexpected route: neither pause nor resume");
    };
  }

  private APIGatewayV2HTTPResponse answer(Function<Services, PauseOutcome> change, String message) {
    return switch (pulso.ask(change)) {
      case DONE -> Answers.json(200, json -> json.flag("success", true).text("message", message));
      case CANCELLED ->
          Answers.problem(
              Problem.of(
                  409,
                  "BATCH_CANCELLED",
                  "Conflict",
                  "A cancelled batch cannot be paused or resumed."));
    };
  }
}
