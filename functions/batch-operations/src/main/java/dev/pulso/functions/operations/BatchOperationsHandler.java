package dev.pulso.functions.operations;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.http.Problem;
import dev.pulso.observe.Observation;
import dev.pulso.operations.Operation;
import dev.pulso.operations.OperationOutcome;
import dev.pulso.operations.OperationOutcome.Accepted;
import dev.pulso.operations.OperationOutcome.Preview;
import dev.pulso.operations.OperationOutcome.SelectionChanged;
import dev.pulso.operations.OperationOutcome.TooManyBatches;
import dev.pulso.operations.OperationRequest;
import dev.pulso.operations.OperationService;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import java.util.List;
import java.util.Map;

/**
 * POST /api/v1/batch-operations: cancels, pauses or resumes many batches at once. GET
 * /api/v1/batch-operations/{operation_id}: how far that is.
 */
public final class BatchOperationsHandler extends ApiHandler {
  private static final String COLLECTION = "batch-operations";

  private final Pulso pulso;

  /** Used by Lambda. */
  public BatchOperationsHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public BatchOperationsHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), COLLECTION, "POST");
    this.pulso = pulso;
  }

  @Override
  protected List<String> methods(ApiRequest request) {
    return request.action().equals(COLLECTION) ? super.methods(request) : List.of("GET");
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    return request.action().equals(COLLECTION)
        ? begin(request, caller, deadline)
        : progress(request, caller, deadline);
  }

  private APIGatewayV2HTTPResponse begin(ApiRequest request, Caller caller, Deadline deadline) {
    OperationBody body = OperationBody.parse(request.jsonBody());
    OperationRequest asked = body.request();
    Origin origin = request.origin(caller);
    OperationOutcome outcome =
        pulso.ask(
            all ->
                body.isDryRun()
                    ? all.operations().preview(caller, asked, origin)
                    : all.operations().start(caller, asked, body.expected(), origin, deadline));
    // Only now: it is the caller's.
    Observation.current().account(asked.choice().accountId());
    return switch (outcome) {
      case Preview preview -> preview(asked, preview);
      case Accepted accepted -> accepted(asked, accepted);
      case SelectionChanged changed ->
          Answers.problem(
              Problem.of(
                      409,
                      "SELECTION_CHANGED",
                      "Conflict",
                      "The operation would change another number of batches than expected. Nothing"
                          + " was changed. Look at them again, and send the new number.")
                  .with("batches", changed.batches()));
      case TooManyBatches tooMany ->
          Answers.problem(
              Problem.of(
                      400,
                      "TOO_MANY_BATCHES",
                      "Bad request",
                      "An operation can select at most "
                          + OperationService.MOST_BATCHES
                          + " batches. Select fewer, for example by status.")
                  .with("batches", tooMany.batches()));
    };
  }

  private static APIGatewayV2HTTPResponse preview(OperationRequest asked, Preview preview) {
    return Answers.json(
        200,
        json ->
            json.text("action", asked.action().value())
                .number("batches", preview.batches())
                .number("jobs", preview.jobs())
                .number("unchanged", preview.unchanged())
                .array(
                    "examples",
                    preview.examples(),
                    (example, batch) ->
                        example
                            .text("batch_id", batch.name())
                            .text("name", batch.text("name"), JsonWriter.LISTED)));
  }

  private static APIGatewayV2HTTPResponse accepted(OperationRequest asked, Accepted accepted) {
    // Relative, because a proxy or a stage may put something before the path.
    String location = COLLECTION + "/" + accepted.operationId();
    return Answers.json(
        202,
        Map.of("Location", location),
        json ->
            json.text("operation_id", accepted.operationId())
                .text("action", asked.action().value())
                .number("batches", accepted.batches()));
  }

  private APIGatewayV2HTTPResponse progress(ApiRequest request, Caller caller, Deadline deadline) {
    String id = request.pathParameter("operation_id");
    Origin origin = request.origin(caller);
    return pulso
        .ask(all -> all.operations().find(caller, id, origin, deadline))
        .map(operation -> progress(request, operation))
        .orElseGet(
            () ->
                Answers.problem(
                    Problem.of(404, "OPERATION_NOT_FOUND", "Not found", "Operation not found")));
  }

  private static APIGatewayV2HTTPResponse progress(ApiRequest request, Operation operation) {
    return Answers.revalidated(
        request,
        json ->
            json.text("operation_id", operation.id())
                .text("action", operation.action())
                .text("reason", operation.reason())
                .text("actor", operation.actor())
                .time("created_at", operation.createdAt())
                .number("batches", operation.batches())
                .number("done", operation.done())
                .number("unchanged", operation.unchanged())
                .number("jobs_cancelled", operation.jobsCancelled())
                .time("finished_at", operation.finishedAt()));
  }
}
