package dev.pulso.functions.pause;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.util.Map;

/** Requests as the gateway hands them over. */
final class Requests {
  private Requests() {}

  static APIGatewayV2HTTPEvent of(String method, String batch, String action) {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("ANY /api/v1/batches/{batch_id}/" + action)
        .withPathParameters(Map.of("batch_id", batch))
        .withRequestContext(
            RequestContext.builder()
                .withRequestId("request-1")
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(method)
                        .withSourceIp("203.0.113.24")
                        .build())
                .build())
        .build();
  }
}
