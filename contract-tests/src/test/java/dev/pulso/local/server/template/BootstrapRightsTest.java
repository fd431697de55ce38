package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.local.server.template.Rights.Request;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the roles of {@code infra/bootstrap.yaml} may do to what has real names, and what not. */
class BootstrapRightsTest {
  private static final String ACCOUNT = "123456789012";
  private static final List<String> POLICIES =
      List.of("MakeFunctions", "MakeRoles", "MakeMonitoring", "MakeCanary", "MakePage");
  private static final Map<String, String> NONE = Map.of();
  private static final Map<String, String> NEW = tags("Request", "prod");
  private static final Map<String, String> OWN = tags("Resource", "prod");
  private static final Map<String, String> OTHER = tags("Resource", "staging");
  private static final Map<String, String> LIMITED =
      Map.of("iam:PermissionsBoundary", "${Boundary}");

  private final Deployment bootstrap = BootstrapTest.bootstrap();
  private final Rights stack =
      new Rights(
          bootstrap,
          POLICIES.stream()
              .<Map<?, ?>>map(name -> map(bootstrap.resource(name), "PolicyDocument"))
              .toList());
  private final Rights boundary =
      new Rights(bootstrap, List.of(map(bootstrap.resource("Boundary"), "PolicyDocument")));
  private final Rights deploy =
      new Rights(
          bootstrap,
          ((List<?>) bootstrap.resource("DeployRole").get("Policies"))
              .stream()
                  .<Map<?, ?>>map(policy -> map((Map<?, ?>) policy, "PolicyDocument"))
                  .toList());

  BootstrapRightsTest() throws IOException {}

  @Test
  void stackRoleHasAllItsPolicies() {
    assertThat(bootstrap.resource("StackRole").get("ManagedPolicyArns"))
        .isEqualTo(POLICIES.stream().map(name -> Map.of("Ref", name)).toList());
    assertThat(bootstrap.resource("StackRole").get("Policies")).isNull();
    assertThat(bootstrap.resource("DeployRole").get("ManagedPolicyArns")).isNull();
  }

  @Test
  void stackRoleMakesEveryResource() {
    Making.REQUESTS.forEach(
        (type, requests) -> assertThat(requests).as(type).isNotEmpty().allMatch(stack::allow));
  }

  @Test
  void stackRoleMakesNoRoleWithoutBoundary() {
    for (String action : List.of("CreateRole", "PutRolePolicy", "AttachRolePolicy")) {
      assertThat(stack.allow(iam(action, "role/pulso-prod-A", LIMITED))).as(action).isTrue();
      assertThat(stack.allow(iam(action, "role/pulso-prod-A", NONE))).as(action).isFalse();
      assertThat(
              stack.allow(
                  iam(action, "role/pulso-prod-A", Map.of("iam:PermissionsBoundary", "another"))))
          .as(action)
          .isFalse();
      assertThat(stack.allow(iam(action, "role/admin", LIMITED))).as(action).isFalse();
      assertThat(stack.allow(iam(action, "role/pulso-staging-A", LIMITED))).as(action).isFalse();
    }
    denied(
        stack,
        iam("DeleteRolePermissionsBoundary", "role/pulso-prod-A", LIMITED),
        iam("CreatePolicyVersion", "policy/pulso-bootstrap/pulso-bootstrap-prod-Boundary-1", NONE),
        iam("PutRolePolicy", "role/pulso-bootstrap/pulso-bootstrap-prod-StackRole-1", LIMITED),
        iam("CreateUser", "user/pulso-prod-a", NONE),
        new Request("sts:AssumeRole", "arn:aws:iam::" + ACCOUNT + ":role/pulso-prod-A", NONE));
  }

  @Test
  void stackRolePassesRolesToFourServices() {
    for (String service : List.of("lambda", "codedeploy", "scheduler", "synthetics")) {
      assertThat(stack.allow(pass("role/pulso-prod-A", service))).as(service).isTrue();
    }
    denied(
        stack,
        pass("role/pulso-prod-A", "ec2"),
        pass("role/admin", "lambda"),
        pass("role/pulso-staging-A", "lambda"));
  }

  @Test
  void stackRoleTouchesNothingOfOtherStages() {
    denied(
        stack,
        on("lambda:UpdateFunctionCode", arn("lambda", "function:pulso-staging-A"), NONE),
        on("lambda:UpdateFunctionCode", arn("lambda", "function:payroll"), NONE),
        on("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/apis/a1", OTHER),
        on("apigateway:PATCH", "arn:aws:apigateway:eu-west-1::/apis/a1/routes/r1", OTHER),
        on("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/restapis/a1", NONE),
        on("kms:ScheduleKeyDeletion", arn("kms", "key/1"), OTHER),
        on("kms:ScheduleKeyDeletion", arn("kms", "key/1"), NONE),
        on("kms:TagResource", arn("kms", "key/1"), both(NEW, OTHER)),
        on("secretsmanager:DeleteSecret", secret("WebhookKeys-1"), OTHER),
        on("secretsmanager:TagResource", secret("WebhookKeys-1"), both(NEW, OTHER)),
        on("secretsmanager:TagResource", secret("pulso/staging/mongodb"), NEW),
        on("secretsmanager:GetSecretValue", secret("pulso/prod/mongodb"), OWN),
        on("cloudformation:DeleteStack", arn("cloudformation", "stack/pulso-staging/1"), NONE),
        on("s3:GetObject", "arn:aws:s3:::another/file", NONE),
        on("synthetics:CreateCanary", "*", tags("Request", "staging")),
        on("synthetics:UpdateCanary", arn("synthetics", "canary:pulso-staging-api"), NONE),
        on("lambda:CreateFunction", arn("lambda", "function:cwsyn-pulso-staging-api-1"), NONE),
        on("s3:DeleteBucket", "arn:aws:s3:::pulso-staging-canary-artifacts-1", NONE),
        on("s3:DeleteBucket", "arn:aws:s3:::pulso-staging-page-pagebucket-1", NONE));
    assertThat(stack.allow(on("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/apis/a1", OWN)))
        .isTrue();
    Map<String, String> shared = Map.of("aws:ResourceTag/application", "pulso");
    assertThat(stack.allow(on("ecr:BatchGetImage", arn("ecr", "repository/pulso"), shared)))
        .as("what belongs to all stages")
        .isTrue();
  }

  @Test
  void stackRoleChangesRecordsOfTwoTypes() {
    String zone = "arn:aws:route53:::hostedzone/Z0123456789";
    String types = "route53:ChangeResourceRecordSetsRecordTypes";
    String action = "route53:ChangeResourceRecordSets";
    assertThat(stack.allow(on(action, zone, Map.of(types, "A,AAAA")))).isTrue();
    denied(
        stack,
        on(action, zone, Map.of(types, "A,TXT")),
        on(action, "arn:aws:route53:::hostedzone/ZOTHER", Map.of(types, "A")));
  }

  @Test
  void boundaryAllowsSecretsOfStageOnly() {
    String read = "secretsmanager:GetSecretValue";
    assertThat(boundary.allow(on(read, secret("pulso/prod/mongodb"), NONE))).isTrue();
    assertThat(boundary.allow(on(read, secret("WebhookKeys-1"), OWN))).isTrue();
    assertThat(boundary.allow(decrypt("secretsmanager", "pulso/prod/mongodb", NONE))).isTrue();
    assertThat(boundary.allow(decrypt("lambda", "", OWN))).isTrue();
    denied(
        boundary,
        on(read, secret("pulso/staging/mongodb"), NONE),
        on(read, secret("payroll"), OWN),
        on(read, secret("WebhookKeys-1"), OTHER),
        on("cloudwatch:PutMetricData", "*", Map.of("cloudwatch:namespace", "Pulso")),
        decrypt("secretsmanager", "pulso/staging/mongodb", NONE),
        decrypt("secretsmanager", "WebhookKeys-1", OTHER),
        decrypt("lambda", "", OTHER),
        decrypt("s3", "", OWN),
        on("kms:Decrypt", arn("kms", "key/1"), OWN),
        iam("CreateRole", "role/pulso-prod-A", LIMITED),
        pass("role/pulso-prod-A", "lambda"),
        on("lambda:UpdateFunctionCode", arn("lambda", "function:pulso-prod-A"), NONE),
        on("lambda:InvokeFunction", arn("lambda", "function:pulso-staging-A:live"), NONE),
        on("logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/pulso-staging/a:x"), NONE));
  }

  @Test
  void deployRoleStartsDeploymentsOnly() {
    Map<String, String> asStackRole = Map.of("cloudformation:RoleArn", "${StackRole.Arn}");
    String change = "cloudformation:CreateChangeSet";
    String own = arn("cloudformation", "stack/pulso-prod/1");
    Request handOver =
        on(
            "iam:PassRole",
            "${StackRole.Arn}",
            Map.of("iam:PassedToService", service("cloudformation")));
    for (Request request :
        List.of(
            on(change, own, asStackRole),
            on("cloudformation:ExecuteChangeSet", own, NONE),
            handOver,
            on("s3:PutObject", "${Artifacts.Arn}/code", NONE),
            on("lambda:InvokeFunction", arn("lambda", "function:pulso-prod-A:live"), NONE),
            on("apigateway:GET", "arn:aws:apigateway:eu-west-1::/apis/a1/routes", NONE))) {
      assertThat(deploy.allow(request)).as(request.toString()).isTrue();
    }
    denied(
        deploy,
        on(change, own, NONE),
        on(change, own, Map.of("cloudformation:RoleArn", "another")),
        on(change, arn("cloudformation", "stack/pulso-staging/1"), asStackRole),
        on("cloudformation:CreateStack", own, asStackRole),
        on("cloudformation:DeleteStack", own, asStackRole),
        on("cloudformation:ExecuteChangeSet", arn("cloudformation", "stack/pulso-staging/1"), NONE),
        pass("role/admin", "cloudformation"),
        on("iam:PassRole", "${StackRole.Arn}", Map.of("iam:PassedToService", service("lambda"))),
        on("lambda:InvokeFunction", arn("lambda", "function:pulso-prod-A"), NONE),
        on("lambda:InvokeFunction", arn("lambda", "function:pulso-staging-A:live"), NONE),
        on("lambda:UpdateFunctionCode", arn("lambda", "function:pulso-prod-A"), NONE),
        on("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/apis/a1/routes", NONE),
        on("secretsmanager:GetSecretValue", secret("pulso/prod/mongodb"), OWN));
  }

  private static void denied(Rights rights, Request... requests) {
    for (Request request : requests) {
      assertThat(rights.allow(request)).as(request.toString()).isFalse();
    }
  }

  static Request on(String action, String resource, Map<String, String> context) {
    return new Request(action, resource, context);
  }

  static String arn(String service, String name) {
    return "arn:aws:%s:eu-west-1:%s:%s".formatted(service, ACCOUNT, name);
  }

  private static String secret(String name) {
    return arn("secretsmanager", "secret:" + name + "-AbCdEf");
  }

  private static String service(String name) {
    return name + ".amazonaws.com";
  }

  private static Request iam(String action, String name, Map<String, String> context) {
    return on("iam:" + action, "arn:aws:iam::" + ACCOUNT + ":" + name, context);
  }

  private static Request pass(String role, String service) {
    return iam("PassRole", role, Map.of("iam:PassedToService", service(service)));
  }

  private static Request decrypt(String service, String secret, Map<String, String> tags) {
    Map<String, String> call =
        Map.of(
            "kms:ViaService", service(service + ".eu-west-1"),
            "kms:EncryptionContext:SecretARN", secret(secret));
    return on("kms:Decrypt", arn("kms", "key/1"), both(call, tags));
  }

  private static Map<String, String> tags(String of, String stage) {
    return Map.of("aws:" + of + "Tag/application", "pulso", "aws:" + of + "Tag/stage", stage);
  }

  private static Map<String, String> both(Map<String, String> one, Map<String, String> two) {
    Map<String, String> both = new HashMap<>(one);
    both.putAll(two);
    return both;
  }
}
