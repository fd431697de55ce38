package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.mongo.LiveDb;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that every function rejects before it opens the database. */
class RefusedRequestsTest {
  private static final Map<String, String> READER = Map.of("sub", "ana", "scope", "pulso:read");

  private final Api api = withoutDatabase("true");

  /** Returns the handlers over a database that cannot be opened. */
  static Api withoutDatabase(String allowAnonymous) {
    return new Api(
        Pulso.open(
            Pulso.Options.of(Settings.from(Map.of("ALLOW_ANONYMOUS", allowAnonymous)))
                .withDatabase(
                    LiveDb.openedBy(
                        () -> {
                          throw new IllegalStateException("nothing here may open the database");
                        }))));
  }

  static List<Operation> operations() {
    return OpenApi.document().operations();
  }

  static List<Operation> operationsOfOneBatch() {
    return operations().stream().filter(one -> one.path().contains("{batch_id}")).toList();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void otherMethodsAreNotAllowed(Operation operation) {
    List<String> allowed = OpenApi.document().methods(operation.path());
    for (String method :
        List.of(
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "<b>")) {
      if (!allowed.contains(method)) {
        Reply reply = api.send(call(operation).as(method));
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.headers()).containsEntry("Allow", String.join(", ", allowed));
        assertThat(reply.body()).doesNotContain("<b>");
        if (method.equals("HEAD")) {
          assertThat(reply.headers()).containsKey("Content-Length");
          assertThat(reply.body()).isEmpty();
        } else {
          reply.problem(405, "METHOD_NOT_ALLOWED");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void unroutedRequestIsNotFound(Operation operation) {
    for (String route : List.of("$default", "OPTIONS /{proxy+}")) {
      for (String method : List.of("GET", "POST", "OPTIONS")) {
        APIGatewayV2HTTPEvent event = call(operation).as(method).event();
        event.setRouteKey(route);
        Reply.of(Answer.of(api.handler(operation.path()).handleRequest(event, null)))
            .problem(404, "NOT_FOUND");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void preflightNeedsNoToken(Operation operation) {
    Call call = call(operation).as("OPTIONS");
    Api closed = withoutDatabase("false");
    closed.send(call).problem(401, "UNAUTHENTICATED");
    Call preflight =
        call.having("Access-Control-Request-Method", operation.method())
            .having("Origin", "https://a.example");
    assertThat(
            closed.handler(operation.path()).handleRequest(preflight.event(), null).getStatusCode())
        .isEqualTo(204);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void malformedQueryIsBadRequest(Operation operation) {
    for (String query : List.of("a=%", "%zz=1", "a=%C3%28")) {
      api.send(call(operation).with(query)).problem(400, "MALFORMED_REQUEST");
    }
  }

  @ParameterizedTest
  @MethodSource("operationsOfOneBatch")
  void invalidBatchIdIsBadRequest(Operation operation) {
    for (String address : List.of(" ", "a\u0000b", "x".repeat(201))) {
      api.send(call(operation).of(address)).problem(400, "INVALID_PATH");
    }
    api.send(Call.to(operation.method(), operation.path())).problem(400, "INVALID_PATH");
  }

  @ParameterizedTest
  @CsvSource({
    "cancelBatch, reason=a%0Ab, INVALID_REASON",
    "cancelBatch, reason=LONG, INVALID_REASON",
    "cancelBatch, reason=a&reason=b, REPEATED_PARAMETER",
    "getOverview, account_id=LONG, INVALID_ACCOUNT",
    "getOverview, account_id=a%00b, INVALID_ACCOUNT",
    "getOverview, account_id=a%0Ab, INVALID_ACCOUNT",
    "getOverview, account_id=a&account_id=b, REPEATED_PARAMETER"
  })
  void invalidParameterIsBadRequest(String id, String query, String code) {
    for (Operation operation : operations().stream().filter(o -> o.id().equals(id)).toList()) {
      Call call = call(operation).with(query.replace("LONG", "x".repeat(501)));
      api.send(call).problem(400, code);
    }
  }

  @Test
  void limitAppliesBeforeDatabase() {
    Call poll = Call.to("GET", Api.STATUS).of("b").by(READER);
    Reply reply = api.send(poll);
    for (int i = 0; i < 100 && reply.status() != 429; i++) {
      assertThat(reply.status()).as("there is no database").isGreaterThanOrEqualTo(500);
      reply = api.send(poll);
    }
    reply.problem(429, "RATE_LIMITED");
    String seconds = reply.headers().get("Retry-After");
    assertThat(Integer.parseInt(seconds)).isBetween(1, 5);
    assertThat(reply.headers())
        .containsEntry("RateLimit", "\"default\";r=0;t=" + seconds)
        .containsEntry("RateLimit-Policy", "\"default\";q=1;w=5")
        .containsEntry("Cache-Control", "no-store");
  }

  private static Call call(Operation operation) {
    return Call.to(operation.method(), operation.path()).of("b");
  }
}
