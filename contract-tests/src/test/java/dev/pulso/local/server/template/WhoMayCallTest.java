package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.Project;
import dev.pulso.local.server.http.Route;
import dev.pulso.local.server.template.FunctionDefinition.RouteDefinition;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the template opens nothing by accident. */
class WhoMayCallTest {
  private static final Path TEMPLATE = Project.root().resolve("template.yaml");
  private static final Map<String, String> ISSUER =
      Map.of("JwtIssuer", "https://issuer.example/", "JwtAudience", "pulso,other");

  @Test
  void deploymentNeedsIssuerOrAllowAnonymous() throws IOException {
    assertThat(with().refusals()).singleElement().asString().startsWith("Set JwtIssuer");
    assertThat(with("AllowAnonymous", "true").refusals()).isEmpty();
    assertThat(with(ISSUER).refusals()).isEmpty();
  }

  @Test
  void issuerNeedsAudience() throws IOException {
    assertThat(with("JwtIssuer", "https://issuer.example/").refusals())
        .singleElement()
        .asString()
        .startsWith("Set JwtAudience");
  }

  @Test
  void issuerProtectsEveryRoute() throws IOException {
    for (Deployment deployment : List.of(with(ISSUER), withBoth())) {
      Map<?, ?> api = map(deployment.resource("HttpApi"), "DefinitionBody");
      assertThat(map(map(map(api, "components"), "securitySchemes"), "Jwt"))
          .isEqualTo(
              Map.of(
                  "type",
                  "oauth2",
                  "x-amazon-apigateway-authorizer",
                  Map.of(
                      "type", "jwt",
                      "identitySource", "$request.header.Authorization",
                      "jwtConfiguration",
                          Map.of(
                              "issuer",
                              "https://issuer.example/",
                              "audience",
                              List.of("pulso", "other")))));
      assertThat(securities(api))
          .containsOnlyKeys(paths())
          .allSatisfy(
              (path, security) ->
                  assertThat(security).as(path).isEqualTo(List.of(Map.of("Jwt", List.of()))));
    }
  }

  @Test
  void issuerDisablesAnonymousCallers() throws IOException {
    for (Deployment deployment : List.of(with(ISSUER), withBoth(), with())) {
      assertThat(anonymity(deployment)).containsOnly("false");
    }
    assertThat(anonymity(with("AllowAnonymous", "true"))).containsOnly("true");
  }

  @Test
  void noIssuerMeansNoAuthorizer() throws IOException {
    Map<?, ?> api = map(with("AllowAnonymous", "true").resource("HttpApi"), "DefinitionBody");
    assertThat(map(map(api, "components"), "securitySchemes")).isEmpty();
    assertThat(securities(api))
        .containsOnlyKeys(paths())
        .allSatisfy((path, security) -> assertThat(security).as(path).isEqualTo(List.of()));
  }

  /** Preflights carry no token, and events like these have no authorizer in SAM's output. */
  @Test
  void preflightsNeedNoToken() throws IOException {
    for (Map<?, ?> function : with(ISSUER).all("AWS::Serverless::Function").values()) {
      Set<String> any = pathsOf(function, "ANY");
      // The gateway prefers the greedy path to $default.
      Set<String> preflights =
          any.stream()
              .map(path -> path.equals(Route.DEFAULT_PATH) ? "/{proxy+}" : path)
              .collect(Collectors.toSet());
      assertThat(pathsOf(function, "OPTIONS")).isEqualTo(preflights);
    }
  }

  @Test
  void pagesWithTracingMayCall() throws IOException {
    assertThat(cors(with(), "AllowHeaders"))
        .contains(
            "authorization", "content-type", "if-none-match", "cache-control", "x-requested-with")
        .contains("traceparent", "tracestate", "baggage", "sentry-trace")
        .isEqualTo(TemplateReader.read(TEMPLATE).cors().headers());
    assertThat(cors(with("AllowedHeaders", "authorization,x-mine"), "AllowHeaders"))
        .isEqualTo(List.of("authorization", "x-mine"));
    assertThat(cors(with(), "AllowMethods")).contains("GET", "HEAD", "POST");
    assertThat(cors(with(), "ExposeHeaders"))
        .contains("link", "location", "date", "apigw-requestid", "etag", "retry-after");
  }

  @Test
  void everyRouteHasOwnLimits() throws IOException {
    Map<?, ?> limits =
        map(
            with(Map.of(
                    "StatusRouteRate", "1",
                    "ReadRouteRate", "2",
                    "OperateRouteRate", "3",
                    "OtherRouteRate", "4"))
                .resource("HttpApi"),
            "RouteSettings");
    Map<String, Object> rates = new HashMap<>();
    limits.forEach(
        (key, limit) -> {
          assertThat(((Map<?, ?>) limit).keySet())
              .isEqualTo(Set.of("ThrottlingRateLimit", "ThrottlingBurstLimit"));
          rates.put(
              key.toString().replaceFirst("^ANY ", ""),
              ((Map<?, ?>) limit).get("ThrottlingRateLimit"));
        });
    Map<String, Object> expected = new HashMap<>(Map.of("$default", "4"));
    for (Operation operation : OpenApi.document().operations()) {
      expected.put(
          operation.path(),
          switch (operation.id()) {
            // All clients come back at once when their connections are lost.
            case "getBatchStatus", "createTicket" -> "1";
            default -> operation.method().equals("GET") ? "2" : "3";
          });
    }
    assertThat(rates).isEqualTo(expected);
    assertThat(rates.keySet()).containsExactlyInAnyOrderElementsOf(paths());
  }

  /** Versions keep their settings, so a change of access must publish new ones. */
  @Test
  void accessChangePublishesEveryFunction() throws IOException {
    assertThat(versions(with(ISSUER)))
        .doesNotContainAnyElementsOf(versions(with("AllowAnonymous", "true")))
        .hasSize(1);
    assertThat(versions(with("Release", "another"))).doesNotContainAnyElementsOf(versions(with()));
    assertThat(with("AllowAnonymous", "true", "Stage", "staging").refusals())
        .singleElement()
        .asString()
        .startsWith("Set Release");
  }

  @Test
  void snapStartExcludesProvisionedConcurrency() throws IOException {
    Map<String, String> both = new HashMap<>(ISSUER);
    both.put("SnapStart", "PublishedVersions");
    assertThat(with(both).refusals()).isEmpty();
    both.put("OverviewProvisionedConcurrency", "2");
    assertThat(with(both).refusals()).singleElement().asString().contains("choose one");
  }

  private static Deployment with(String... given) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < given.length; i += 2) {
      parameters.put(given[i], given[i + 1]);
    }
    return with(parameters);
  }

  private static Deployment withBoth() throws IOException {
    Map<String, String> parameters = new HashMap<>(ISSUER);
    parameters.put("AllowAnonymous", "true");
    return with(parameters);
  }

  private static Deployment with(Map<String, String> given) throws IOException {
    Map<String, String> parameters = new HashMap<>(given);
    parameters.put("SecretsExtensionLayerArn", "arn:aws:lambda:eu-west-1:123456789012:layer:x:1");
    return new Deployment(TEMPLATE, parameters);
  }

  private static Set<String> paths() {
    return TemplateReader.read(TEMPLATE).functions().stream()
        .flatMap(function -> function.routes().stream())
        .map(RouteDefinition::path)
        .collect(Collectors.toSet());
  }

  private static Map<String, Object> securities(Map<?, ?> api) {
    Map<String, Object> securities = new HashMap<>();
    map(api, "paths")
        .forEach(
            (path, item) -> {
              assertThat(((Map<?, ?>) item).keySet())
                  .isEqualTo(Set.of("x-amazon-apigateway-any-method"));
              securities.put(
                  path.toString(),
                  map((Map<?, ?>) item, "x-amazon-apigateway-any-method").get("security"));
            });
    return securities;
  }

  @SuppressWarnings("unchecked")
  private static List<String> cors(Deployment deployment, String name) {
    Map<?, ?> rules = map(deployment.resource("HttpApi"), "CorsConfiguration");
    return (List<String>) rules.get(name);
  }

  private static Stream<Object> anonymity(Deployment deployment) {
    return deployment.all("AWS::Serverless::Function").values().stream()
        .map(function -> deployment.variable(function, "ALLOW_ANONYMOUS"));
  }

  private static Set<Object> versions(Deployment deployment) {
    return deployment.all("AWS::Serverless::Function").values().stream()
        .peek(function -> assertThat(function.get("AutoPublishAliasAllProperties")).isEqualTo(true))
        .map(function -> function.get("VersionDescription"))
        .collect(Collectors.toSet());
  }

  private static Set<String> pathsOf(Map<?, ?> function, String method) {
    Set<String> paths = new TreeSet<>();
    for (Object event : map(function, "Events").values()) {
      Map<?, ?> properties = map((Map<?, ?>) event, "Properties");
      if (method.equals(properties.get("Method"))) {
        paths.add(properties.get("Path").toString());
      }
    }
    return paths;
  }
}
