package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.functions.cancel.BatchCancelHandler;
import dev.pulso.functions.overview.DashboardOverviewHandler;
import dev.pulso.functions.pause.BatchPauseHandler;
import dev.pulso.functions.status.BatchStatusHandler;
import dev.pulso.functions.summary.BatchSummaryHandler;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Calls the handlers with the events that API Gateway would send; whatever they answer has to be in
 * openapi.yaml.
 */
final class Api {
  static final String SOURCE_IP = "203.0.113.7";
  static final String REQUEST_ID = "request-0815";

  private final BatchStatusHandler status;
  private final BatchSummaryHandler summary;
  private final BatchCancelHandler cancel;
  private final BatchPauseHandler pause;
  private final DashboardOverviewHandler overview;
  private final Map<String, String> claims;

  /** Without a token. */
  Api(Pulso pulso) {
    this(pulso, Map.of());
  }

  /** In the name of whoever has these claims, as the gateway writes them. */
  Api(Pulso pulso, Map<String, String> claims) {
    this.claims = claims;
    status = new BatchStatusHandler(pulso);
    summary = new BatchSummaryHandler(pulso);
    cancel = new BatchCancelHandler(pulso);
    pause = new BatchPauseHandler(pulso);
    overview = new DashboardOverviewHandler(pulso);
  }

  Reply status(String address) {
    return call(status, "GET", "GET /api/v1/batches/{batch_id}/status", address, null);
  }

  Reply summary(String address) {
    return call(summary, "GET", "GET /api/v1/batches/{batch_id}/summary", address, null);
  }

  Reply cancel(String address) {
    return cancelWithQuery(address, null);
  }

  Reply cancel(String address, String reason) {
    return cancelWithQuery(address, "reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8));
  }

  /** A cancel with a query exactly as it stands in the URL. */
  Reply cancelWithQuery(String address, String rawQuery) {
    return call(cancel, "POST", "POST /api/v1/batches/{batch_id}/cancel", address, rawQuery);
  }

  Reply pause(String address) {
    return call(pause, "POST", "POST /api/v1/batches/{batch_id}/pause", address, null);
  }

  Reply resume(String address) {
    return call(pause, "POST", "POST /api/v1/batches/{batch_id}/resume", address, null);
  }

  Reply overview() {
    return overviewWithQuery(null);
  }

  Reply overview(String accountId) {
    return overviewWithQuery("account_id=" + URLEncoder.encode(accountId, StandardCharsets.UTF_8));
  }

  /** An overview with a query exactly as it stands in the URL. */
  Reply overviewWithQuery(String rawQuery) {
    return call(overview, "GET", "GET /api/v1/dashboard/overview", null, rawQuery);
  }

  private Reply call(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      String method,
      String route,
      String address,
      String rawQuery) {
    APIGatewayV2HTTPEvent event = event(method, route, address, rawQuery, claims);
    Answer answer = Answer.of(handler.handleRequest(event, null));
    return Reply.of(Documented.check(method, route.substring(route.indexOf('/')), answer));
  }

  /** The event of a request without a token, with a query exactly as it stands in the URL. */
  static APIGatewayV2HTTPEvent event(String method, String route, String address, String rawQuery) {
    return event(method, route, address, rawQuery, Map.of());
  }

  private static APIGatewayV2HTTPEvent event(
      String method, String route, String address, String rawQuery, Map<String, String> claims) {
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey(route)
        .withRawQueryString(rawQuery == null ? "" : rawQuery)
        .withPathParameters(address == null ? null : Map.of("batch_id", address))
        .withRequestContext(
            RequestContext.builder()
                .withRequestId(REQUEST_ID)
                .withAuthorizer(claims.isEmpty() ? null : authorizer(claims))
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(method)
                        .withSourceIp(SOURCE_IP)
                        .build())
                .build())
        .build();
  }

  private static RequestContext.Authorizer authorizer(Map<String, String> claims) {
    return RequestContext.Authorizer.builder()
        .withJwt(RequestContext.Authorizer.JWT.builder().withClaims(claims).build())
        .build();
  }
}
