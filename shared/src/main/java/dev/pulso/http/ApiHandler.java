package dev.pulso.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.access.AccessRules;
import dev.pulso.access.Caller;
import dev.pulso.config.Settings;
import dev.pulso.observe.Log;
import dev.pulso.observe.Observation;
import dev.pulso.observe.Observer;
import dev.pulso.observe.RequestReport;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The edge that all endpoints share: what is routed wrongly is refused, whatever fails becomes a
 * problem document, and every answer comes before the gateway gives up.
 */
public abstract class ApiHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  /** The gateway ends a request at 30 s. */
  private static final Duration LONGEST = Duration.ofSeconds(26);

  /** Kept back from a function's own time for writing the answer. */
  private static final Duration MARGIN = Duration.ofMillis(800);

  private static final String HEAD = "HEAD";

  private static final List<String> KNOWN_METHODS =
      List.of("GET", HEAD, "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final AccessRules access;
  private final Observer observer;
  private final String endpoint;
  private final List<String> methods;

  /**
   * @param settings what says who may call
   * @param observer who is told of each request
   * @param endpoint what the function is called there
   * @param method the method that the endpoint answers; GET: HEAD as well
   */
  protected ApiHandler(Settings settings, Observer observer, String endpoint, String method) {
    this.access = settings.access();
    this.observer = observer;
    this.endpoint = endpoint;
    this.methods = method.equals("GET") ? List.of(method, HEAD) : List.of(method);
  }

  /** Answers a request that is routed rightly; what it throws becomes a problem document. */
  protected abstract APIGatewayV2HTTPResponse answer(
      ApiRequest request, Caller caller, Deadline deadline);

  @Override
  public final APIGatewayV2HTTPResponse handleRequest(
      APIGatewayV2HTTPEvent event, Context context) {
    ApiRequest request = new ApiRequest(event);
    RequestReport report =
        new RequestReport(
            endpoint,
            Optional.ofNullable(request.route()),
            isKnown(request.method()) ? request.method() : "unknown",
            request.requestId());
    return observer.request(
        report, () -> respond(request, context), APIGatewayV2HTTPResponse::getStatusCode);
  }

  private APIGatewayV2HTTPResponse respond(ApiRequest request, Context context) {
    APIGatewayV2HTTPResponse answer = result(request, context);
    return request.method().equals(HEAD) ? Answers.withoutBody(answer) : answer;
  }

  private APIGatewayV2HTTPResponse result(ApiRequest request, Context context) {
    if (request.isPreflight()) {
      return Answers.preflight();
    }
    try {
      // Before anything else: who may not call learns nothing, not even what is there.
      Caller caller = access.caller(request.claims());
      Observation.current().caller(caller.subject());
      return routed(request, caller, deadline(context));
    } catch (RuntimeException e) {
      Problem problem = Failures.problem(e);
      if (Failures.isOurs(problem)) {
        Log.failure(request.route(), request.requestId(), problem.code(), e);
      }
      return Answers.problem(problem);
    }
  }

  private APIGatewayV2HTTPResponse routed(ApiRequest request, Caller caller, Deadline deadline) {
    if (request.isUnrouted()) {
      return Answers.problem(
          Problem.of(404, "NOT_FOUND", "Not found", "There is nothing at this address."));
    }
    if (!methods.contains(request.method())) {
      return Answers.problem(
          new Problem(
              405,
              "METHOD_NOT_ALLOWED",
              "Method not allowed",
              "This address does not answer "
                  + (isKnown(request.method()) ? request.method() : "this method")
                  + ".",
              Map.of("Allow", String.join(", ", methods))));
    }
    request.check();
    return answer(request, caller, deadline);
  }

  /** What is no method is nothing to repeat. */
  private static boolean isKnown(String method) {
    return KNOWN_METHODS.contains(method);
  }

  private static Deadline deadline(Context context) {
    Deadline longest = Deadline.in(LONGEST);
    return context == null
        ? longest
        : longest.orIn(Duration.ofMillis(context.getRemainingTimeInMillis()).minus(MARGIN));
  }
}
