package dev.pulso.functions.status;

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
class BatchStatusHandlerTest {
  private static final String ROUTE = "GET /api/v1/batches/{batch_id}/status";

  private final BatchStatusHandler handler =
      new BatchStatusHandler(
          Pulso.open(
              Pulso.Options.of(Settings.from(Map.of("ALLOW_ANONYMOUS", "true")))
                  .withDatabase(
                      LiveDb.openedBy(
                          () -> {
                            throw new IllegalStateException("nothing here may open the database");
                          }))));

  @Test
  void otherMethodsAreNotAllowed() {
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "<b>")) {
      APIGatewayV2HTTPResponse response = answer(method, ROUTE, null);
      isProblem(response, 405, "METHOD_NOT_ALLOWED");
      assertThat(response.getHeaders()).containsEntry("Allow", "GET, HEAD");
      assertThat(response.getBody()).doesNotContain("<b>");
    }
  }

  @Test
  void preflightThatTheGatewayLeftToUsIsAnsweredWithoutAToken() {
    BatchStatusHandler closed =
        new BatchStatusHandler(Pulso.open(Pulso.Options.of(Settings.from(Map.of()))));
    APIGatewayV2HTTPEvent event = event("OPTIONS", ROUTE, null);
    isProblem(closed.handleRequest(event, null), 401, "UNAUTHENTICATED");
    event.setHeaders(Map.of("Access-Control-Request-Method", "GET", "Origin", "https://a.example"));
    assertThat(closed.handleRequest(event, null).getStatusCode()).isEqualTo(204);
  }

  @Test
  void whatNoRouteFitsIsNotFound() {
    isProblem(answer("GET", "$default", null), 404, "NOT_FOUND");
    isProblem(answer("POST", "$default", null), 404, "NOT_FOUND");
    isProblem(answer("OPTIONS", "OPTIONS /{proxy+}", null), 404, "NOT_FOUND");
  }

  @Test
  void malformedQueryIsABadRequest() {
    for (String query : List.of("a=%", "%zz=1", "a=%C3%28")) {
      isProblem(answer("GET", ROUTE, query), 400, "MALFORMED_REQUEST");
    }
  }

  @Test
  void pathWithoutAUsableBatchIdIsABadRequest() {
    for (String address : List.of(" ", "a\u0000b", "x".repeat(201))) {
      APIGatewayV2HTTPEvent event = event("GET", ROUTE, null);
      event.setPathParameters(Map.of("batch_id", address));
      assertThat(handler.handleRequest(event, null))
          .satisfies(r -> isProblem(r, 400, "INVALID_PATH"));
    }
    APIGatewayV2HTTPEvent event = event("GET", ROUTE, null);
    event.setPathParameters(null);
    assertThat(handler.handleRequest(event, null))
        .satisfies(r -> isProblem(r, 400, "INVALID_PATH"));
  }

  @Test
  void whoPollsTooOftenIsToldSoBeforeTheDatabaseIsAsked() {
    APIGatewayV2HTTPEvent event = event("GET", ROUTE, null);
    event
        .getRequestContext()
        .setAuthorizer(
            RequestContext.Authorizer.builder()
                .withJwt(
                    RequestContext.Authorizer.JWT
                        .builder()
                        .withClaims(Map.of("sub", "ana", "scope", "pulso:read"))
                        .build())
                .build());
    APIGatewayV2HTTPResponse answer = handler.handleRequest(event, null);
    for (int i = 0; i < 100 && answer.getStatusCode() != 429; i++) {
      assertThat(answer.getStatusCode()).as("there is no database").isGreaterThanOrEqualTo(500);
      answer = handler.handleRequest(event, null);
    }
    isProblem(answer, 429, "RATE_LIMITED");
    String seconds = answer.getHeaders().get("Retry-After");
    assertThat(Integer.parseInt(seconds)).isBetween(1, 5);
    assertThat(answer.getHeaders())
        .containsEntry("RateLimit", "\"default\";r=0;t=" + seconds)
        .containsEntry("RateLimit-Policy", "\"default\";q=1;w=5")
        .containsEntry("Cache-Control", "no-store");
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
