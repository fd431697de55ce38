package dev.pulso.bench.lab;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.util.Map;

/** Events of API Gateway. */
public final class Events {
  private Events() {}

  public static APIGatewayV2HTTPEvent status(String batchId) {
    return event("GET", "/api/v1/batches/{batch_id}/status", Map.of("batch_id", batchId), "");
  }

  public static APIGatewayV2HTTPEvent cancel(String batchId) {
    return event("POST", "/api/v1/batches/{batch_id}/cancel", Map.of("batch_id", batchId), "");
  }

  /** Returns a request for the overview; the query may contain an account. */
  public static APIGatewayV2HTTPEvent overview(String query) {
    return event("GET", "/api/v1/dashboard/overview", Map.of(), query);
  }

  /** Returns a request for a page of batches. */
  public static APIGatewayV2HTTPEvent list(String query) {
    return event("GET", "/api/v1/batches", Map.of(), query);
  }

  /** Returns a request with a JSON body. */
  public static APIGatewayV2HTTPEvent json(String method, String route, String body) {
    APIGatewayV2HTTPEvent event = event(method, route, Map.of(), "");
    event.setHeaders(Map.of("content-type", "application/json"));
    event.setBody(body);
    return event;
  }

  private static APIGatewayV2HTTPEvent event(
      String method, String route, Map<String, String> pathParameters, String query) {
    String path = route.replace("{batch_id}", pathParameters.getOrDefault("batch_id", ""));
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey("ANY " + route)
        .withRawPath(path)
        .withRawQueryString(query)
        .withHeaders(Map.of("accept", "application/json", "host", "localhost"))
        .withPathParameters(pathParameters.isEmpty() ? null : pathParameters)
        .withRequestContext(
            RequestContext.builder()
                .withRequestId("bench")
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(method)
                        .withPath(path)
                        .withSourceIp("127.0.0.1")
                        .build())
                .build())
        .build();
  }
}
