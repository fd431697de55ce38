package dev.pulso.local.server;

import static dev.pulso.local.server.template.Deployment.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pulso.local.server.template.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The web page on AWS is what it is under ./run. */
class EdgeTest {
  @Test
  void pageHasPolicyOfRun() throws IOException {
    assertThat(policy(with())).isEqualTo(Site.CONTENT_SECURITY_POLICY);
  }

  @Test
  void pageMayAskIssuerToo() throws IOException {
    Deployment edge =
        with(
            "SignInIssuer", "https://login.example:8443/realms/pulso",
            "SignInClientId", "page",
            "SignInOrigins", "https://tokens.example");
    assertThat(policy(edge))
        .isEqualTo(
            Site.CONTENT_SECURITY_POLICY.replace(
                "connect-src 'self'",
                "connect-src 'self' https://login.example:8443 https://tokens.example"));
  }

  @Test
  void pageMayConnectForPush() throws IOException {
    String url = "wss://abc123.execute-api.us-east-1.amazonaws.com/events";
    assertThat(policy(with("EventsUrl", url)))
        .isEqualTo(
            Site.CONTENT_SECURITY_POLICY.replace(
                "connect-src 'self'", "connect-src 'self' " + url));
  }

  @Test
  void halfOfDomainOrSignInIsRefused() throws IOException {
    assertThat(with().refusals()).isEmpty();
    assertThat(with("DomainName", "pulso.example.com").refusals())
        .singleElement()
        .asString()
        .startsWith("Set CertificateArn");
    assertThat(with("HostedZoneId", "Z1").refusals())
        .singleElement()
        .asString()
        .startsWith("Set DomainName");
    assertThat(with("SignInIssuer", "https://login.example").refusals())
        .singleElement()
        .asString()
        .startsWith("Set SignInClientId");
  }

  /** What one address may send, which the gateway of an HTTP API cannot count. */
  @Test
  void firewallLimitsEachAddress() throws IOException {
    Map<?, ?> firewall = with("RequestsPerAddress", "1234").resource("WebAcl");
    Map<?, ?> rule = (Map<?, ?>) ((List<?>) firewall.get("Rules")).getFirst();
    assertThat(map(map(rule, "Statement"), "RateBasedStatement"))
        .isEqualTo(Map.of("AggregateKeyType", "IP", "EvaluationWindowSec", 300, "Limit", "1234"));
    Map<?, ?> response = map(map(map(rule, "Action"), "Block"), "CustomResponse");
    assertThat(response.get("ResponseCode")).isEqualTo(429);
    Map<?, ?> body =
        map(
            map(firewall, "CustomResponseBodies"),
            response.get("CustomResponseBodyKey").toString());
    JsonNode problem = new ObjectMapper().readTree(body.get("Content").toString());
    assertThat(problem.get("status").intValue()).isEqualTo(429);
    assertThat(problem.get("code").asText()).isEqualTo("RATE_LIMITED");
    assertThat(problem.get("message")).isEqualTo(problem.get("detail"));
  }

  @Test
  void firewallCanBeLeftOut() throws IOException {
    String acl = "WebACLId";
    assertThat(map(with().resource("Distribution"), "DistributionConfig").get(acl)).isNotNull();
    assertThat(
            map(with("Firewall", "false").resource("Distribution"), "DistributionConfig").get(acl))
        .isNull();
  }

  /** CloudFront would keep an error for 10 s, for all callers, against {@code no-store}. */
  @Test
  void errorsOfApiAreNotCached() throws IOException {
    Map<?, ?> config = map(with().resource("Distribution"), "DistributionConfig");
    assertThat((List<?>) config.get("CustomErrorResponses"))
        .extracting(Object::toString)
        .containsExactly(
            "{ErrorCode=500, ErrorCachingMinTTL=0}",
            "{ErrorCode=502, ErrorCachingMinTTL=0}",
            "{ErrorCode=503, ErrorCachingMinTTL=0}",
            "{ErrorCode=504, ErrorCachingMinTTL=0}");
  }

  /** Samples would contain what its log leaves out: tokens and queries. */
  @Test
  void firewallKeepsNoSamples() throws IOException {
    assertThat(with().resource("WebAcl").toString())
        .contains("SampledRequestsEnabled=false")
        .doesNotContain("SampledRequestsEnabled=true");
  }

  /** AWSManagedRulesCommonRuleSet refuses requests without a user agent, and Node sends none. */
  @Test
  void canaryPassesFirewall() throws IOException {
    Path canary = Project.root().resolve("watch/canary.yaml");
    assertThat(map(new Deployment(canary, Map.of()).resource("Canary"), "Code").toString())
        .containsPattern("headers: \\{ \"User-Agent\": \"[^\"]+\" }");
  }

  private static Object policy(Deployment edge) {
    Map<?, ?> config = map(edge.resource("PageHeaders"), "ResponseHeadersPolicyConfig");
    Map<?, ?> security = map(config, "SecurityHeadersConfig");
    return map(security, "ContentSecurityPolicy").get("ContentSecurityPolicy");
  }

  private static Deployment with(String... namesAndValues) throws IOException {
    Map<String, String> parameters =
        new HashMap<>(Map.of("ApiUrl", "https://api.example.com/api/v1"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Deployment(Project.root().resolve("edge/template.yaml"), parameters);
  }
}
