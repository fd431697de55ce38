package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each function may read the secrets that it is told to read, and no other. */
class SecretsTest {
  private static final String SHARED = arn("mongodb");
  private static final String OF_STATUS = arn("batch-status");
  private static final String REDIS = arn("redis");

  private final Deployment deployment =
      new Deployment(
          Watched.TEMPLATE,
          Map.of(
              "DatabaseSecretArn", SHARED,
              "StatusSecretArn", OF_STATUS,
              "RedisSecretArn", REDIS));

  SecretsTest() throws IOException {}

  @Test
  void ownSecretReplacesSharedOne() {
    deployment
        .all("AWS::Serverless::Function")
        .forEach(
            (name, function) ->
                assertThat(deployment.variable(function, "MONGODB_SECRET_ID"))
                    .as(name)
                    .isEqualTo(name.equals("BatchStatusFunction") ? OF_STATUS : SHARED));
  }

  @Test
  void functionsMayReadExactlyTheirSecrets() {
    deployment
        .all("AWS::Serverless::Function")
        .forEach(
            (name, function) -> {
              Set<?> told =
                  Stream.of("MONGODB_SECRET_ID", "REDIS_SECRET_ID", "WEBHOOK_KEYS_SECRET_ID")
                      .map(variable -> deployment.variable(function, variable))
                      .filter(value -> value != null)
                      .collect(Collectors.toSet());
              assertThat(readable(name.replaceFirst("Function$", "Role"))).as(name).isEqualTo(told);
            });
  }

  /**
   * CloudFormation changes a policy in place, or replaces it and removes the old one in the end.
   * Only the latter leaves the running version its secret during a gradual deployment.
   */
  @Test
  void anotherSecretReplacesPolicies() throws IOException {
    Deployment next =
        new Deployment(
            Watched.TEMPLATE,
            Map.of("DatabaseSecretArn", arn("mongodb-2"), "RedisSecretArn", arn("redis-2")));
    for (String function : deployment.all("AWS::Serverless::Function").keySet()) {
      String policy = function.replaceFirst("Function$", "Secret");
      assertThat(next.resource(policy).get("Description"))
          .as(policy)
          .isEqualTo(arn("mongodb-2"))
          .isNotEqualTo(deployment.resource(policy).get("Description"));
    }
    assertThat(next.resource("RedisAccess").get("Description"))
        .isNotEqualTo(deployment.resource("RedisAccess").get("Description"));
  }

  /** What a stack alone holds is lost with its region. */
  @Test
  void recoveryNamesSecretsOfStack() throws IOException {
    String recovery = Files.readString(Project.root().resolve("docs/recovery.md"));
    assertThat(deployment.all("AWS::SecretsManager::Secret").keySet())
        .allSatisfy(name -> assertThat(recovery).contains("`" + name + "`"));
  }

  /** Returns the secrets that a role may read. */
  private Set<Object> readable(String role) {
    Map<String, String> asRole = Map.of("Ref", role);
    Stream<Map<?, ?>> attached =
        deployment.all("AWS::IAM::RolePolicy").values().stream()
            .filter(policy -> asRole.equals(policy.get("RoleName")));
    List<?> managed = (List<?>) deployment.resource(role).get("ManagedPolicyArns");
    Stream<Map<?, ?>> shared =
        deployment.all("AWS::IAM::ManagedPolicy").entrySet().stream()
            .filter(
                policy ->
                    managed.contains(Map.of("Ref", policy.getKey()))
                        || (policy.getValue().get("Roles") instanceof List<?> roles
                            && roles.contains(asRole)))
            .map(Map.Entry::getValue);
    return Stream.concat(attached, shared)
        .flatMap(policy -> statements(policy).stream())
        .filter(statement -> statement.toString().contains("secretsmanager:GetSecretValue"))
        .map(statement -> statement.get("Resource"))
        .collect(Collectors.toSet());
  }

  private static List<Map<?, ?>> statements(Map<?, ?> policy) {
    return ((List<?>) Deployment.map(policy, "PolicyDocument").get("Statement"))
        .stream().<Map<?, ?>>map(statement -> (Map<?, ?>) statement).toList();
  }

  private static String arn(String name) {
    return "arn:aws:secretsmanager:us-east-1:123456789012:secret:pulso/" + name + "-AbCdEf";
  }
}
