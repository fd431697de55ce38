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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The roles of {@code infra/bootstrap.yaml} suffice for what the templates define. */
class BootstrapTest {
  private static final Path BOOTSTRAP = Project.root().resolve("infra/bootstrap.yaml");
  private static final Path EDGE = Project.root().resolve("edge/template.yaml");
  private static final Path CANARY = Project.root().resolve("watch/canary.yaml");
  private static final String KEY = "arn:aws:kms:eu-west-1:123456789012:key/1";
  private static final String SECRET =
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pulso/prod/";

  /** What CloudFormation would write for references in policies. */
  private static final Map<String, String> NAMES =
      Map.of(
          "${Key.Arn}",
          KEY,
          "${WebhookKeys}",
          "arn:aws:secretsmanager:eu-west-1:123456789012:secret:WebhookKeys-1-AbCdEf");

  /** What AWS would say of the resources, and of a call by the secrets manager. */
  private static final Map<String, String> CONTEXT =
      Map.of(
          "aws:ResourceTag/application", "pulso",
          "aws:ResourceTag/stage", "prod",
          "kms:ViaService", "secretsmanager.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN", SECRET + "mongodb-AbCdEf");

  private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/pulso-bootstrap/limits";

  /** Whoever adds a resource of another type adds the rights to make it, and a line to Making. */
  @Test
  void everyTypeIsKnown() throws IOException {
    Set<String> types = new TreeSet<>(types(TEMPLATE));
    types.addAll(types(Project.root().resolve("watch/template.yaml")));
    types.addAll(types(CANARY));
    types.addAll(types(EDGE));
    assertThat(Making.REQUESTS.keySet()).containsExactlyInAnyOrderElementsOf(types);
  }

  /** A rollback needs the code of the release before, which may be years old. */
  @Test
  void currentArtifactsNeverExpire() throws IOException {
    Map<?, ?> lifecycle = map(bootstrap().resource("Artifacts"), "LifecycleConfiguration");
    assertThat((List<?>) lifecycle.get("Rules"))
        .singleElement()
        .satisfies(
            rule ->
                assertThat(((Map<?, ?>) rule).keySet())
                    .isEqualTo(
                        Set.of(
                            "Id",
                            "Status",
                            "NoncurrentVersionExpiration",
                            "AbortIncompleteMultipartUpload")));
  }

  @Test
  void everyRoleOfStackCarriesBoundary() throws IOException {
    Deployment limited = new Deployment(TEMPLATE, Map.of("PermissionsBoundaryArn", BOUNDARY));
    assertThat(limited.all("AWS::IAM::Role").values())
        .allSatisfy(role -> assertThat(role.get("PermissionsBoundary")).isEqualTo(BOUNDARY));
    assertThat(schedules(limited))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.get("PermissionsBoundary")).isEqualTo(BOUNDARY));
    Deployment canary = new Deployment(CANARY, Map.of("PermissionsBoundaryArn", BOUNDARY));
    assertThat(canary.resource("Role").get("PermissionsBoundary")).isEqualTo(BOUNDARY);
    assertThat(new Deployment(CANARY, Map.of()).resource("Role").get("PermissionsBoundary"))
        .isNull();
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
                "Stage",
                "prod",
                "Tracing",
                "Active",
                "SubnetIds",
                "subnet-0123456789abcdef0",
                "DatabaseSecretArn",
                SECRET + "mongodb-AbCdEf",
                "DatabaseSecretKeyArn",
                KEY,
                "RedisSecretArn",
                SECRET + "redis-AbCdEf"));
    Stream<Map<?, ?>> own =
        Stream.of("AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
            .flatMap(type -> whole.all(type).values().stream());
    Stream<Map<?, ?>> inRoles =
        whole.all("AWS::IAM::Role").values().stream()
            .filter(role -> role.containsKey("Policies"))
            .flatMap(role -> ((List<?>) role.get("Policies")).stream())
            .map(policy -> (Map<?, ?>) policy);
    Rights functions =
        new Rights(
            whole,
            Stream.concat(own, inRoles)
                .<Map<?, ?>>map(policy -> map(policy, "PolicyDocument"))
                .toList());
    Rights boundary = new Rights(bootstrap(), List.of(policy("Boundary")));
    assertThat(functions.requests(reference -> named(whole, reference), CONTEXT))
        .anyMatch(request -> request.resource().startsWith(SECRET))
        .anyMatch(request -> request.action().equals("kms:Decrypt"))
        .filteredOn(request -> !boundary.allow(request))
        .isEmpty();
  }

  @Test
  void boundaryAllowsWhatCanaryMayDo() throws IOException {
    Deployment canary = new Deployment(CANARY, Map.of("Deployment", "pulso-prod"));
    Map<?, ?> inline = (Map<?, ?>) ((List<?>) canary.resource("Role").get("Policies")).getFirst();
    Rights own = new Rights(canary, List.of(map(inline, "PolicyDocument")));
    Rights boundary = new Rights(bootstrap(), List.of(policy("Boundary")));
    String bucket = "arn:aws:s3:::pulso-prod-canary-artifacts-1";
    assertThat(
            own.requests(
                reference -> reference.replace("${Artifacts.Arn}", bucket),
                Map.of("cloudwatch:namespace", "CloudWatchSynthetics")))
        .anyMatch(request -> request.resource().equals(bucket + "/*"))
        .filteredOn(request -> !boundary.allow(request))
        .isEmpty();
  }

  private static String named(Deployment deployment, String reference) {
    Matcher logs = Pattern.compile("\\$\\{(\\w+Logs)\\.Arn}").matcher(reference);
    if (!logs.matches()) {
      return NAMES.getOrDefault(reference, reference);
    }
    String name = deployment.text(deployment.resource(logs.group(1)).get("LogGroupName"));
    return "arn:aws:logs:eu-west-1:123456789012:log-group:"
        + name.replace("${AWS::StackName}", "pulso-prod")
        + ":*";
  }

  /** GitHub names newer repositories with the IDs of owner and repository. */
  @Test
  void deployRoleTrustsOneEnvironment() throws IOException {
    for (String repository : List.of("example/pulso", "example@123456/pulso@456789")) {
      Deployment of = new Deployment(BOOTSTRAP, Map.of("Stage", "prod", "Repository", repository));
      assertThat(repository).matches(of.parameter("Repository").get("AllowedPattern").toString());
      assertThat(of.resource("DeployRole").get("AssumeRolePolicyDocument").toString())
          .contains("githubusercontent.com:sub=repo:" + repository + ":environment:prod}")
          .doesNotContain("*");
    }
  }

  @Test
  void deployRoleLastsAsLongAsJob() throws IOException {
    String session = bootstrap().resource("DeployRole").get("MaxSessionDuration").toString();
    assertThat(Files.readString(Project.root().resolve(".github/workflows/stage.yml")))
        .contains("role-duration-seconds: " + session + "\n");
  }

  /** Rights by name hold only while CloudFormation makes such names. */
  @Test
  void deployRoleMayUploadPage() throws IOException {
    Map<?, ?> role = bootstrap().resource("DeployRole");
    Map<?, ?> inline =
        map((Map<?, ?>) ((List<?>) role.get("Policies")).getFirst(), "PolicyDocument");
    assertThat(allowed(inline))
        .contains("s3:PutObject", "s3:ListBucket", "cloudfront:CreateInvalidation");
    Set<String> buckets = new Deployment(EDGE, Map.of()).all("AWS::S3::Bucket").keySet();
    String bucket = buckets.iterator().next().toLowerCase(Locale.ROOT);
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
