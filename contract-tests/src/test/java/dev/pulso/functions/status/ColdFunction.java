package dev.pulso.functions.status;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import java.util.Map;

/** Makes the function like Lambda, and polls it, without a database. */
final class ColdFunction {
  private static final int POLLS = 10;
  private static final int REFUSED = 429;

  private ColdFunction() {}

  public static void main(String[] arguments) {
    BatchStatusHandler handler = new BatchStatusHandler();
    boolean limited = false;
    for (int i = 0; i < POLLS && !limited; i++) {
      limited = handler.handleRequest(poll(), null).getStatusCode() == REFUSED;
    }
    System.out.println("limited: " + limited);
  }

  private static APIGatewayV2HTTPEvent poll() {
    Map<String, String> claims = Map.of("sub", "ana", "scope", "pulso:read");
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("GET /api/v1/batches/{batch_id}/status")
        .withPathParameters(Map.of("batch_id", "b"))
        .withRequestContext(
            RequestContext.builder()
                .withHttp(RequestContext.Http.builder().withMethod("GET").build())
                .withAuthorizer(
                    Authorizer.builder()
                        .withJwt(Authorizer.JWT.builder().withClaims(claims).build())
                        .build())
                .build())
        .build();
  }
}
