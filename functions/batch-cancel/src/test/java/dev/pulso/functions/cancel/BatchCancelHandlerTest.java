package dev.pulso.functions.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.mongo.LiveDb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused before the database is even opened. */
class BatchCancelHandlerTest {
  private static final String ROUTE = "POST /api/v1/batches/{batch_id}/cancel";

  private final BatchCancelHandler handler =
      new BatchCancelHandler(
          Pulso.open(
              Pulso.Options.of(Settings.from(Map.of("ALLOW_ANONYMOUS", "true")))
                  .withDatabase(
                      LiveDb.openedBy(
                          () -> {
                            throw new IllegalStateException("nothing here may open the database");
                          }))));

  @Test
  void otherMethodsAreNotAllowed() {
    for (String method : List.of("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "<b>")) {
      APIGatewayV2HTTPResponse response = answer(method, ROUTE, null);
      isProblem(response, 405, "METHOD_NOT_ALLOWED");
      assertThat(response.getHeaders()).containsEntry("Allow", "POST");
      assertThat(response.getBody()).doesNotContain("<b>");
    }
  }

  @Test
  void headIsRefusedWithoutABody() {
    APIGatewayV2HTTPResponse response = answer("HEAD", ROUTE, null);
    assertThat(response.getStatusCode()).isEqualTo(405);
    assertThat(response.getHeaders()).containsEntry("Allow", "POST").containsKey("Content-Length");
    assertThat(response.getBody()).isNull();
  }

  @Test
  void whatNoRouteFitsIsNotFound() {
    isProblem(answer("POST", "$default", null), 404, "NOT_FOUND");
    isProblem(answer("GET", "$default", null), 404, "NOT_FOUND");
  }

  @Test
  void malformedQueryIsABadRequest() {
    for (String query : List.of("a=%", "%zz=1", "a=%C3%28")) {
      isProblem(answer("POST", ROUTE, query), 400, "MALFORMED_REQUEST");
    }
  }

  @Test
  void reasonThatIsNoneIsABadRequestBeforeAnythingIsDone() {
    for (String query : List.of("reason=a%0Ab", "reason=" + "x".repeat(501))) {
      assertThat(answer("POST", ROUTE, query)).satisfies(r -> isProblem(r, 400, "INVALID_REASON"));
    }
    assertThat(answer("POST", ROUTE, "reason=a&reason=b"))
        .satisfies(r -> isProblem(r, 400, "REPEATED_PARAMETER"));
  }

  @Test
  void pathWithoutAUsableBatchIdIsABadRequest() {
    for (String address : List.of(" ", "a\u0000b", "x".repeat(201))) {
      APIGatewayV2HTTPEvent event = event("POST", ROUTE, null);
      event.setPathParameters(Map.of("batch_id", address));
      assertThat(handler.handleRequest(event, null))
          .satisfies(r -> isProblem(r, 400, "INVALID_PATH"));
    }
    APIGatewayV2HTTPEvent event = event("POST", ROUTE, null);
    event.setPathParameters(null);
    assertThat(handler.handleRequest(event, null))
        .satisfies(r -> isProblem(r, 400, "INVALID_PATH"));
  }

  private APIGatewayV2HTTPResponse answer(String method, String route, String rawQuery) {
    return handler.handleRequest(event(method, route, rawQuery), null);
  }

  private static APIGatewayV2HTTPEvent event(String method, String route, String rawQuery) {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey(route)
        .withRawQueryString(rawQuery)
        .withPathParameters(Map.of("batch_id", "b"))
        .withRequestContext(
            RequestContext.builder()
                .withHttp(RequestContext.Http.builder().withMethod(method).build())
                .build())
        .build();
  }

  private static void isProblem(APIGatewayV2HTTPResponse response, int status, String code) {
    assertThat(response.getStatusCode()).as(response.getBody()).isEqualTo(status);
    assertThat(response.getHeaders()).containsEntry("Content-Type", "application/problem+json");
    assertThat(response.getBody())
        .startsWith("{\"type\":\"urn:pulso:problem:")
        .contains("\"status\":" + status + ",\"detail\":\"")
        .contains("\"code\":\"" + code + "\",\"message\":\"");
  }
}
