package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stack of the stage prod asks for what protects it. */
class ProductionTest {
  private static final Map<String, String> PROTECTED =
      Map.ofEntries(
          Map.entry("Stage", "prod"),
          Map.entry("Release", "r1"),
          Map.entry("JwtIssuer", "https://issuer.example"),
          Map.entry("JwtAudience", "pulso"),
          Map.entry("SecretsExtensionLayerArn", "arn:aws:lambda:eu-west-1:123456789012:layer:x:1"),
          Map.entry("AlarmEmail", "on-call@example.com"),
          Map.entry("AllowedOrigins", "https://pulso.example"),
          Map.entry("DeploymentPreference", "Canary10Percent5Minutes"),
          Map.entry("CancelConcurrency", "10"),
          Map.entry("PauseConcurrency", "10"),
          Map.entry("OperationsConcurrency", "5"));

  @Test
  void protectedProductionIsDeployed() throws IOException {
    assertThat(refusals(Map.of())).isEmpty();
    assertThat(refusals(Map.of("AllowedOrigins", ""))).as("no page").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "AlarmEmail, '', Set AlarmEmail",
    "AllowedOrigins, 'http://localhost:3000,http://localhost:5173', Set AllowedOrigins",
    "AllowedOrigins, http://localhost:3000, Set AllowedOrigins",
    "AllowedOrigins, *, Set AllowedOrigins",
    "RollbackOnAlarm, false, Set RollbackOnAlarm",
    "CancelConcurrency, 1, Set CancelConcurrency",
    "DeploymentPreference, AllAtOnce, Set DeploymentPreference",
    "CancelConcurrency, 0, Set CancelConcurrency",
    "PauseConcurrency, 0, Set CancelConcurrency",
    "OperationsConcurrency, 0, Set CancelConcurrency",
  })
  void unprotectedProductionIsRefused(String parameter, String value, String refusal)
      throws IOException {
    assertThat(refusals(Map.of(parameter, value))).singleElement().asString().startsWith(refusal);
    assertThat(refusals(Map.of(parameter, value, "Relaxed", "true"))).isEmpty();
    assertThat(refusals(Map.of(parameter, value, "Stage", "staging"))).isEmpty();
  }

  @Test
  void productionKnowsItsCallers() throws IOException {
    Map<String, String> anonymous = Map.of("JwtIssuer", "", "AllowAnonymous", "true");
    assertThat(refusals(anonymous)).singleElement().asString().startsWith("Set JwtIssuer");
  }

  @Test
  void subnetsNeedSecurityGroups() throws IOException {
    Map<String, String> subnets = Map.of("SubnetIds", "subnet-01234567,subnet-01234568");
    assertThat(refusals(subnets)).singleElement().asString().startsWith("Set SecurityGroupIds");
    Map<String, String> both = new HashMap<>(subnets);
    both.put("SecurityGroupIds", "sg-01234567");
    assertThat(refusals(both)).isEmpty();
  }

  @Test
  void defaultsAreNotForProduction() throws IOException {
    Map<String, String> defaults = new HashMap<>(PROTECTED);
    defaults
        .keySet()
        .removeIf(name -> name.matches("Alarm.*|Allowed.*|Deployment.*|.*Concurrency"));
    assertThat(new Deployment(Watched.TEMPLATE, defaults).refusals()).hasSize(4);
  }

  private static List<String> refusals(Map<String, String> changes) throws IOException {
    Map<String, String> parameters = new HashMap<>(PROTECTED);
    parameters.putAll(changes);
    return new Deployment(Watched.TEMPLATE, parameters).refusals();
  }
}
