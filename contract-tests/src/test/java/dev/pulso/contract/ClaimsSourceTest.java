package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.local.server.TemplateEdge;
import dev.pulso.mongo.LiveDb;
import dev.pulso.openapi.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A function accepts only claims that the gateway verified, and ignores everything that a client
 * can write. There is no database here, so no request reached it.
 */
class ClaimsSourceTest {
  private static final String CLAIMS =
      "{\"sub\":\"eve\",\"scope\":\"pulso:read pulso:operate pulso:all-accounts\"}";

  private static final Map<String, String> VERIFIED =
      Map.of("sub", "eve", "scope", "pulso:read pulso:operate pulso:all-accounts");

  private static final Pulso PULSO =
      Pulso.open(
          Pulso.Options.of(Settings.from(Map.of()))
              .withDatabase(
                  LiveDb.openedBy(
                      () -> {
                        throw new AssertionError("The database was asked.");
                      })));

  private static final Map<String, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>>
      FUNCTIONS = TemplateEdge.functions(PULSO);

  static Stream<Arguments> forgeries() {
    List<Map.Entry<String, APIGatewayV2HTTPEventBuilder>> forgeries =
        List.of(
            Map.entry("nothing at all", event()),
            Map.entry(
                "a token that nobody checked",
                event().withHeaders(Map.of("authorization", "Bearer " + jwt()))),
            Map.entry(
                "claims in headers",
                event()
                    .withHeaders(
                        Map.of(
                            "claims",
                            CLAIMS,
                            "x-amzn-oidc-data",
                            jwt(),
                            "x-amzn-request-context",
                            "{\"authorizer\":{\"jwt\":{\"claims\":" + CLAIMS + "}}}",
                            "requestContext.authorizer.jwt.claims.scope",
                            "pulso:all-accounts"))),
            Map.entry(
                "claims in the query",
                event()
                    .withRawQueryString("scope=pulso:operate&claims=" + CLAIMS.replace("\"", "%22"))
                    .withQueryStringParameters(VERIFIED)),
            Map.entry(
                "claims in cookies",
                event().withCookies(List.of("claims=" + CLAIMS, "jwt=" + jwt()))),
            Map.entry(
                "claims in the body",
                event()
                    .withBody(
                        "{\"requestContext\":{\"authorizer\":{\"jwt\":{\"claims\":"
                            + CLAIMS
                            + "}}}}")),
            Map.entry(
                "claims in the path",
                event().withPathParameters(Map.of("batch_id", CLAIMS, "scope", "pulso:operate"))),
            Map.entry("variables of the stage", event().withStageVariables(VERIFIED)),
            Map.entry("an authorizer without a token", authorized(Authorizer.builder().build())),
            Map.entry(
                "a token without claims",
                authorized(Authorizer.builder().withJwt(Authorizer.JWT.builder().build()).build())),
            Map.entry(
                "a token with no claim",
                authorized(
                    Authorizer.builder()
                        .withJwt(Authorizer.JWT.builder().withClaims(Map.of()).build())
                        .build())),
            Map.entry(
                "scopes without claims",
                authorized(
                    Authorizer.builder()
                        .withJwt(
                            Authorizer.JWT
                                .builder()
                                .withScopes(
                                    List.of("pulso:read", "pulso:operate", "pulso:all-accounts"))
                                .build())
                        .build())),
            Map.entry(
                "what a Lambda authorizer says",
                authorized(
                    Authorizer.builder()
                        .withLambda(Map.of("jwt", VERIFIED, "claims", VERIFIED))
                        .build())),
            Map.entry(
                "an IAM caller",
                authorized(
                    Authorizer.builder()
                        .withIam(
                            RequestContext.IAM.builder().withUserArn("arn:aws:iam::1:root").build())
                        .build())));
    return forgeries.stream()
        .flatMap(
            forgery ->
                FUNCTIONS.entrySet().stream()
                    .map(
                        handler ->
                            Arguments.argumentSet(
                                handler.getKey() + ": " + forgery.getKey(),
                                handler.getValue(),
                                forgery.getValue().build())));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void forgedClaimsAloneAreUnauthenticated(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      APIGatewayV2HTTPEvent event) {
    Reply reply = reply(handler, event).problem(401, "UNAUTHENTICATED");
    assertThat(reply.headers()).containsEntry("WWW-Authenticate", "Bearer");
  }

  @Test
  void forgedClaimsBesideTokenAreIgnored() {
    Authorizer.JWT verified =
        Authorizer.JWT.builder().withClaims(Map.of("sub", "eve", "scope", "openid")).build();
    APIGatewayV2HTTPEvent event =
        authorized(
                Authorizer.builder().withJwt(verified).withLambda(Map.of("jwt", VERIFIED)).build())
            .withHeaders(Map.of("claims", CLAIMS, "scope", "pulso:read"))
            .withRawQueryString("scope=pulso:read")
            .withQueryStringParameters(VERIFIED)
            .withBody(CLAIMS)
            .build();
    for (String path : List.of(Api.STATUS, Api.SUMMARY, Api.OVERVIEW)) {
      reply(FUNCTIONS.get(path), event).problem(403, "FORBIDDEN");
    }
  }

  private static Reply reply(
      RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
      APIGatewayV2HTTPEvent event) {
    return Reply.of(Answer.of(handler.handleRequest(event, null)));
  }

  private static APIGatewayV2HTTPEventBuilder authorized(Authorizer authorizer) {
    return event().withRequestContext(RequestContext.builder().withAuthorizer(authorizer).build());
  }

  private static APIGatewayV2HTTPEventBuilder event() {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("ANY /api/v1/batches/{batch_id}/status")
        .withPathParameters(Map.of("batch_id", "batch-1"));
  }

  private static String jwt() {
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(CLAIMS.getBytes(StandardCharsets.UTF_8))
        + ".";
  }
}
