package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Deployment.map;
import static dev.pulso.local.server.template.Watched.TEMPLATE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pulso.local.server.Project;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The roles of {@code infra/bootstrap.yaml} suffice for what the templates define. */
class BootstrapTest {
  private static final Path BOOTSTRAP = Project.root().resolve("infra/bootstrap.yaml");
  private static final Path EDGE = Project.root().resolve("edge/template.yaml");
  private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/pulso-bootstrap/limits";

  /** What makes a resource of each type, with what the SAM transform makes of it. */
  private static final Map<String, List<String>> MAKING =
      Map.ofEntries(
          Map.entry("AWS::ApiGatewayV2::Api", List.of("apigateway:*")),
          Map.entry("AWS::ApiGatewayV2::Authorizer", List.of("apigateway:*")),
          Map.entry("AWS::ApiGatewayV2::Integration", List.of("apigateway:*")),
          Map.entry("AWS::ApiGatewayV2::Route", List.of("apigateway:*")),
          Map.entry("AWS::ApiGatewayV2::RouteResponse", List.of("apigateway:*")),
          Map.entry("AWS::ApiGatewayV2::Stage", List.of("apigateway:*", "logs:CreateLogDelivery")),
          Map.entry("AWS::Budgets::Budget", List.of("budgets:ModifyBudget")),
          Map.entry(
              "AWS::CloudFront::Distribution",
              List.of("cloudfront:CreateDistribution", "cloudfront:TagResource")),
          Map.entry(
              "AWS::CloudFront::Function",
              List.of("cloudfront:CreateFunction", "cloudfront:PublishFunction")),
          Map.entry(
              "AWS::CloudFront::OriginAccessControl",
              List.of("cloudfront:CreateOriginAccessControl")),
          Map.entry(
              "AWS::CloudFront::OriginRequestPolicy",
              List.of("cloudfront:CreateOriginRequestPolicy")),
          Map.entry(
              "AWS::CloudFront::ResponseHeadersPolicy",
              List.of("cloudfront:CreateResponseHeadersPolicy")),
          Map.entry("AWS::CloudFormation::Stack", List.of("cloudformation:CreateStack")),
          Map.entry("AWS::CloudWatch::Alarm", List.of("cloudwatch:PutMetricAlarm")),
          Map.entry("AWS::CloudWatch::Dashboard", List.of("cloudwatch:PutDashboard")),
          Map.entry("AWS::IAM::ManagedPolicy", List.of("iam:CreatePolicy")),
          Map.entry(
              "AWS::IAM::Role", List.of("iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole")),
          Map.entry("AWS::IAM::RolePolicy", List.of("iam:PutRolePolicy", "iam:GetRolePolicy")),
          Map.entry("AWS::Lambda::Permission", List.of("lambda:AddPermission")),
          Map.entry("AWS::KMS::Key", List.of("kms:CreateKey", "kms:CreateGrant")),
          Map.entry("AWS::Logs::LogGroup", List.of("logs:CreateLogGroup", "logs:AssociateKmsKey")),
          Map.entry("AWS::Logs::QueryDefinition", List.of("logs:PutQueryDefinition")),
          Map.entry("AWS::Route53::RecordSetGroup", List.of("route53:ChangeResourceRecordSets")),
          Map.entry("AWS::S3::Bucket", List.of("s3:CreateBucket", "s3:PutBucketTagging")),
          Map.entry("AWS::S3::BucketPolicy", List.of("s3:PutBucketPolicy")),
          Map.entry("AWS::SNS::Topic", List.of("sns:CreateTopic", "sns:Subscribe")),
          Map.entry("AWS::SNS::TopicPolicy", List.of("sns:SetTopicAttributes")),
          Map.entry(
              "AWS::SecretsManager::Secret",
              List.of("secretsmanager:CreateSecret", "secretsmanager:GetRandomPassword")),
          Map.entry(
              "AWS::Serverless::Function",
              List.of(
                  "lambda:CreateFunction",
                  "lambda:PublishVersion",
                  "lambda:CreateAlias",
                  "lambda:AddPermission",
                  "codedeploy:CreateApplication",
                  "codedeploy:CreateDeploymentGroup",
                  "codedeploy:CreateDeployment",
                  "scheduler:CreateSchedule",
                  "events:PutRule")),
          Map.entry("AWS::Serverless::HttpApi", List.of("apigateway:*", "logs:CreateLogDelivery")),
          Map.entry(
              "AWS::WAFv2::LoggingConfiguration",
              List.of("wafv2:PutLoggingConfiguration", "logs:CreateLogDelivery")),
          Map.entry("AWS::WAFv2::WebACL", List.of("wafv2:CreateWebACL", "wafv2:TagResource")));

  /** Whoever adds a resource of another type adds the rights to make it, and a line above. */
  @Test
  void stackRoleMayMakeEveryResource() throws IOException {
    Set<String> allowed = new TreeSet<>();
    for (String policy : List.of("MakeFunctions", "MakeRoles", "MakeMonitoring", "MakePage")) {
      allowed.addAll(allowed(policy(policy)));
    }
    Set<String> types = new TreeSet<>(types(TEMPLATE));
    types.addAll(types(Project.root().resolve("watch/template.yaml")));
    types.addAll(types(EDGE));
    assertThat(MAKING.keySet()).containsExactlyInAnyOrderElementsOf(types);
    MAKING.forEach((type, actions) -> assertThat(allowed).as(type).containsAll(actions));
  }

  @Test
  void everyRoleOfStackCarriesBoundary() throws IOException {
    Deployment limited = new Deployment(TEMPLATE, Map.of("PermissionsBoundaryArn", BOUNDARY));
    assertThat(limited.all("AWS::IAM::Role").values())
        .allSatisfy(role -> assertThat(role.get("PermissionsBoundary")).isEqualTo(BOUNDARY));
    assertThat(schedules(limited))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.get("PermissionsBoundary")).isEqualTo(BOUNDARY));
    Deployment free = new Deployment(TEMPLATE, Map.of());
    assertThat(free.all("AWS::IAM::Role").values())
        .allSatisfy(role -> assertThat(role.get("PermissionsBoundary")).isNull());
  }

  /** A right that the boundary lacks is denied without a word, whatever the role says. */
  @Test
  void boundaryAllowsWhatFunctionsMayDo() throws IOException {
    Deployment whole =
        new Deployment(
            TEMPLATE,
            Map.of(
                "Tracing", "Active",
                "SubnetIds", "subnet-0123456789abcdef0",
                "DatabaseSecretKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/1",
                "RedisSecretArn",
                    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pulso/redis-AbCdEf"));
    Stream<Map<?, ?>> own =
        Stream.of("AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
            .flatMap(type -> whole.all(type).values().stream())
            .map(policy -> map(policy, "PolicyDocument"));
    Stream<Map<?, ?>> inRoles =
        whole.all("AWS::IAM::Role").values().stream()
            .filter(role -> role.containsKey("Policies"))
            .flatMap(role -> ((List<?>) role.get("Policies")).stream())
            .map(policy -> map((Map<?, ?>) policy, "PolicyDocument"));
    Set<String> wanted =
        Stream.concat(own, inRoles)
            .flatMap(document -> allowed(document).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(wanted).contains("secretsmanager:GetSecretValue", "logs:PutLogEvents");
    assertThat(allowed(policy("Boundary"))).containsAll(wanted).contains("lambda:InvokeFunction");
  }

  @Test
  void deployRoleTrustsOneEnvironment() throws IOException {
    Map<?, ?> role = bootstrap().resource("DeployRole");
    String session = role.get("MaxSessionDuration").toString();
    assertThat(Files.readString(Project.root().resolve(".github/workflows/stage.yml")))
        .contains("role-duration-seconds: " + session + "\n");
    assertThat(role.get("AssumeRolePolicyDocument").toString())
        .contains("token.actions.githubusercontent.com:sub=repo:example/pulso:environment:prod")
        .doesNotContain("*");
  }

  /** Rights by name hold only while CloudFormation makes such names. */
  @Test
  void deployRoleMayUploadPage() throws IOException {
    Map<?, ?> role = bootstrap().resource("DeployRole");
    Map<?, ?> inline =
        map((Map<?, ?>) ((List<?>) role.get("Policies")).getFirst(), "PolicyDocument");
    assertThat(allowed(inline))
        .contains("s3:PutObject", "s3:ListBucket", "cloudfront:CreateInvalidation");
    String bucket =
        new Deployment(EDGE, Map.of())
            .all("AWS::S3::Bucket")
            .keySet()
            .iterator()
            .next()
            .toLowerCase(Locale.ROOT);
    assertThat(inline.toString())
        .contains("stack/pulso-prod-page/*", ":s3:::pulso-prod-page-" + bucket + "-*/*");
  }

  /** IAM's limit for a managed policy; it counts no white space. */
  @Test
  void policiesAreShortEnough() throws IOException {
    bootstrap()
        .all("AWS::IAM::ManagedPolicy")
        .forEach(
            (name, policy) -> {
              String json = new ObjectMapper().valueToTree(policy.get("PolicyDocument")).toString();
              assertThat(json).as(name).hasSizeBetween(500, 6_144);
            });
  }

  private static Set<String> types(Path file) throws IOException {
    try (Reader text = Files.newBufferedReader(file)) {
      return Loops.writtenOut(map((Map<?, ?>) CloudFormationYaml.load(text), "Resources"))
          .values()
          .stream()
          .map(resource -> ((Map<?, ?>) resource).get("Type").toString())
          .collect(Collectors.toSet());
    }
  }

  private static Map<?, ?> policy(String name) throws IOException {
    return map(bootstrap().resource(name), "PolicyDocument");
  }

  static Deployment bootstrap() throws IOException {
    return new Deployment(
        BOOTSTRAP,
        Map.of("Stage", "prod", "Repository", "example/pulso", "HostedZoneId", "Z0123456789"));
  }

  private static Set<String> allowed(Map<?, ?> document) {
    return ((List<?>) document.get("Statement"))
        .stream()
            .map(statement -> (Map<?, ?>) statement)
            .filter(statement -> statement.get("Effect").equals("Allow"))
            .map(statement -> statement.get("Action"))
            .flatMap(action -> action instanceof List<?> list ? list.stream() : Stream.of(action))
            .map(Object::toString)
            .collect(Collectors.toSet());
  }

  private static List<Map<?, ?>> schedules(Deployment deployment) {
    return deployment.all("AWS::Serverless::Function").values().stream()
        .map(function -> map(function, "Events").values())
        .flatMap(Collection::stream)
        .map(event -> (Map<?, ?>) event)
        .filter(event -> "ScheduleV2".equals(event.get("Type")))
        .<Map<?, ?>>map(event -> map(event, "Properties"))
        .toList();
  }
}
