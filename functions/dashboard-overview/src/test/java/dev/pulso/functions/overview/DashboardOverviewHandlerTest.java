package dev.pulso.functions.overview;

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
class DashboardOverviewHandlerTest {
  private static final String ROUTE = "GET /api/v1/dashboard/overview";

  private final DashboardOverviewHandler handler =
      new DashboardOverviewHandler(
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
  void whatNoRouteFitsIsNotFound() {
    isProblem(answer("GET", "$default", null), 404, "NOT_FOUND");
    isProblem(answer("POST", "$default", null), 404, "NOT_FOUND");
  }

  @Test
  void malformedQueryIsABadRequest() {
    for (String query : List.of("a=%", "%zz=1", "a=%C3%28")) {
      isProblem(answer("GET", ROUTE, query), 400, "MALFORMED_REQUEST");
    }
  }

  @Test
  void accountGivenTwiceIsABadRequest() {
    assertThat(answer("GET", ROUTE, "account_id=a&account_id=b"))
        .satisfies(r -> isProblem(r, 400, "REPEATED_PARAMETER"));
  }

  @Test
  void accountThatCanBeNoneIsABadRequest() {
    for (String id : List.of("x".repeat(201), "a%00b", "a%0Ab")) {
      isProblem(answer("GET", ROUTE, "account_id=" + id), 400, "INVALID_ACCOUNT");
    }
  }

  private APIGatewayV2HTTPResponse answer(String method, String route, String rawQuery) {
    return handler.handleRequest(event(method, route, rawQuery), null);
  }

  private static APIGatewayV2HTTPEvent event(String method, String route, String rawQuery) {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey(route)
        .withRawQueryString(rawQuery)
        .withPathParameters(null)
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
