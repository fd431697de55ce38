package dev.pulso.local.server.template;

import dev.pulso.local.server.template.Rights.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Requests to AWS about what belongs to stage prod. */
final class Asking {
  static final String HERE = "eu-west-1:123456789012:";
  static final String ANYWHERE = ":123456789012:";
  static final Map<String, String> NONE = Map.of();
  static final Map<String, String> NEW =
      Map.of("aws:RequestTag/application", "pulso", "aws:RequestTag/stage", "prod");
  static final Map<String, String> OWN =
      Map.of("aws:ResourceTag/application", "pulso", "aws:ResourceTag/stage", "prod");
  static final String ROLE = "iam:" + ANYWHERE + "role/pulso-prod-BatchStatusRole-1";
  private static final String API = "apigateway:eu-west-1::/apis";

  private Asking() {}

  static List<Request> on(String resource, Map<String, String> context, String... actions) {
    boolean isWhole = resource.equals("*") || resource.startsWith("$");
    String arn = isWhole ? resource : "arn:aws:" + resource;
    return Stream.of(actions).map(action -> new Request(action, arn, context)).toList();
  }

  static List<Request> api(String part) {
    return all(
        on(API, NONE, "apigateway:POST"),
        on(API + "/a1" + part, OWN, "apigateway:PUT", "apigateway:PATCH", "apigateway:DELETE"),
        on("*", NONE, "logs:CreateLogDelivery"));
  }

  static List<Request> passed(String service) {
    return on(ROLE, Map.of("iam:PassedToService", service + ".amazonaws.com"), "iam:PassRole");
  }

  static List<Request> bucket(String name) {
    return on(
        name,
        NONE,
        "s3:CreateBucket",
        "s3:PutBucketTagging",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:GetBucketTagging",
        "s3:DeleteBucket");
  }

  static List<Request> logGroup(String name) {
    return on(
        "logs:" + HERE + "log-group:" + name,
        NONE,
        "logs:CreateLogGroup",
        "logs:AssociateKmsKey",
        "logs:PutRetentionPolicy");
  }

  @SafeVarargs
  static List<Request> all(List<Request>... parts) {
    List<Request> all = new ArrayList<>();
    for (List<Request> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}
