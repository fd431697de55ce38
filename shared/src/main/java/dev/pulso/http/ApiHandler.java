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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP edge of every endpoint. It rejects wrong routes and methods, turns exceptions into
 * problem documents, and answers before the gateway gives up.
 */
public abstract class ApiHandler
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  /** The gateway's own timeout is 30 s. */
  private static final Duration LONGEST = Duration.ofSeconds(26);

  /** Time that a function keeps for writing the response. */
  private static final Duration MARGIN = Duration.ofMillis(800);

  private static final String HEAD = "HEAD";

  private static final List<String> KNOWN_METHODS =
      List.of("GET", HEAD, "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final AccessRules access;
  private final Observer observer;
  private final String endpoint;
  private final String method;

  /**
   * @param settings say who may call
   * @param observer receives each request
   * @param endpoint name of the function in logs and metrics
   * @param method the method of its routes; GET includes HEAD
   */
  protected ApiHandler(Settings settings, Observer observer, String endpoint, String method) {
    this.access = settings.access();
    this.observer = observer;
    this.endpoint = endpoint;
    this.method = method;
  }

  /** Returns the methods of the requested route; GET includes HEAD. */
  protected List<String> methods(ApiRequest request) {
    return List.of(method);
  }

  /** Answers a valid request. Exceptions become problem documents. */
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
      // First of all: a caller without access must not learn which routes exist.
      Caller caller = access.caller(request.claims());
      Observation.current().caller(caller.subject());
      return routed(request, caller, Deadline.of(context, MARGIN, LONGEST));
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
          Problem.of(404, "NOT_FOUND", "Not found", "No resource exists at this address."));
    }
    List<String> methods = new ArrayList<>(methods(request));
    if (methods.contains("GET")) {
      methods.add(1, HEAD);
    }
    if (!methods.contains(request.method())) {
      return Answers.problem(
          new Problem(
              405,
              "METHOD_NOT_ALLOWED",
              "Method not allowed",
              "This address does not support "
                  + (isKnown(request.method()) ? request.method() : "this method")
                  + ".",
              Map.of("Allow", String.join(", ", methods))));
    }
    request.check();
    return answer(request, caller, deadline);
  }

  /** The message repeats known methods only, never arbitrary input. */
  private static boolean isKnown(String method) {
    return KNOWN_METHODS.contains(method);
  }
}
