package dev.pulso.local.server.template;

import static dev.pulso.local.server.template.Asking.ANYWHERE;
import static dev.pulso.local.server.template.Asking.HERE;
import static dev.pulso.local.server.template.Asking.NEW;
import static dev.pulso.local.server.template.Asking.NONE;
import static dev.pulso.local.server.template.Asking.OWN;
import static dev.pulso.local.server.template.Asking.ROLE;
import static dev.pulso.local.server.template.Asking.all;
import static dev.pulso.local.server.template.Asking.api;
import static dev.pulso.local.server.template.Asking.bucket;
import static dev.pulso.local.server.template.Asking.logGroup;
import static dev.pulso.local.server.template.Asking.on;
import static dev.pulso.local.server.template.Asking.passed;
import static java.util.Map.entry;

import dev.pulso.local.server.template.Rights.Request;
import java.util.List;
import java.util.Map;

/**
 * What CloudFormation asks AWS for, to make the resources of stage prod. AWS's schemas of the types
 * name the actions (handlers, permissions).
 */
final class Making {
  private static final Map<String, String> LIMITED =
      Map.of("iam:PermissionsBoundary", "${Boundary}");

  private static final String KEY = "kms:" + HERE + "key/1";
  private static final String SECRET =
      "secretsmanager:" + HERE + "secret:WebhookKeys-AbCdEfGhIjKl-AbCdEf";
  private static final String FUNCTION = "lambda:" + HERE + "function:pulso-prod-BatchStatus-1";
  private static final String DISTRIBUTION = "cloudfront:" + ANYWHERE + "distribution/E1";
  private static final String CLOUDFRONT_FUNCTION =
      "cloudfront:" + ANYWHERE + "function/pulso-prod-page-view";
  private static final String BUCKET = "s3:::pulso-prod-page-pagebucket-1";
  private static final String BUCKET_OF_CANARY = "s3:::pulso-prod-canary-artifacts-1";
  private static final String WEB_ACL =
      "wafv2:us-east-1:123456789012:global/webacl/pulso-prod-page/1";
  private static final String GRADUAL = "codedeploy:" + HERE;

  /** By type; with what the SAM transform makes of a type. */
  static final Map<String, List<Request>> REQUESTS =
      Map.ofEntries(
          entry("AWS::ApiGatewayV2::Api", api("")),
          entry("AWS::ApiGatewayV2::Authorizer", api("/authorizers/u1")),
          entry("AWS::ApiGatewayV2::Integration", api("/integrations/i1")),
          entry("AWS::ApiGatewayV2::Route", api("/routes/r1")),
          entry("AWS::ApiGatewayV2::RouteResponse", api("/routes/r1/routeresponses/p1")),
          entry("AWS::ApiGatewayV2::Stage", api("/stages/events")),
          entry(
              "AWS::Budgets::Budget",
              on(
                  "budgets:" + ANYWHERE + "budget/pulso-prod-eu-west-1",
                  NONE,
                  "budgets:ModifyBudget")),
          entry(
              "AWS::CloudFormation::Stack",
              on(
                  "cloudformation:" + HERE + "stack/pulso-prod-Watch-1/2",
                  NONE,
                  "cloudformation:CreateStack",
                  "cloudformation:UpdateStack")),
          entry(
              "AWS::CloudFront::Distribution",
              all(
                  on("*", NONE, "cloudfront:CreateDistribution"),
                  on(DISTRIBUTION, NEW, "cloudfront:TagResource"),
                  on(DISTRIBUTION, OWN, "cloudfront:UpdateDistribution"))),
          entry(
              "AWS::CloudFront::Function",
              on(
                  CLOUDFRONT_FUNCTION,
                  NONE,
                  "cloudfront:CreateFunction",
                  "cloudfront:PublishFunction",
                  "cloudfront:UpdateFunction",
                  "cloudfront:GetFunction",
                  "cloudfront:ListTagsForResource")),
          entry(
              "AWS::CloudFront::OriginAccessControl",
              on("*", NONE, "cloudfront:CreateOriginAccessControl")),
          entry(
              "AWS::CloudFront::OriginRequestPolicy",
              on("*", NONE, "cloudfront:CreateOriginRequestPolicy")),
          entry(
              "AWS::CloudFront::ResponseHeadersPolicy",
              on("*", NONE, "cloudfront:CreateResponseHeadersPolicy")),
          entry(
              "AWS::CloudWatch::Alarm",
              on(
                  "cloudwatch:" + HERE + "alarm:pulso-prod-staleness",
                  NONE,
                  "cloudwatch:PutMetricAlarm",
                  "cloudwatch:DescribeAlarms",
                  "cloudwatch:DeleteAlarms")),
          entry(
              "AWS::CloudWatch::Dashboard",
              on(
                  "cloudwatch::123456789012:dashboard/pulso-prod-eu-west-1",
                  NONE,
                  "cloudwatch:PutDashboard")),
          entry(
              "AWS::IAM::ManagedPolicy",
              all(
                  on("iam:" + ANYWHERE + "policy/pulso-prod-Access-1", NONE, "iam:CreatePolicy"),
                  on(ROLE, LIMITED, "iam:AttachRolePolicy", "iam:DetachRolePolicy"))),
          entry(
              "AWS::IAM::Role",
              all(
                  on(ROLE, LIMITED, "iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"),
                  on(ROLE, NONE, "iam:TagRole", "iam:DeleteRole"),
                  passed("lambda"),
                  passed("codedeploy"),
                  passed("scheduler"))),
          entry(
              "AWS::IAM::RolePolicy",
              all(
                  on(ROLE, LIMITED, "iam:PutRolePolicy", "iam:DeleteRolePolicy"),
                  on(ROLE, NONE, "iam:GetRolePolicy"))),
          entry(
              "AWS::KMS::Key",
              all(
                  on(KEY, NEW, "kms:CreateKey", "kms:TagResource"),
                  on(KEY, OWN, "kms:CreateGrant", "kms:PutKeyPolicy", "kms:GenerateDataKey"))),
          entry(
              "AWS::Logs::LogGroup",
              all(
                  logGroup("/aws/lambda/pulso-prod/batch-status"),
                  logGroup("/aws/vendedlogs/pulso-prod/access"),
                  logGroup("aws-waf-logs-pulso-prod-page"))),
          entry("AWS::Lambda::Permission", on(FUNCTION + ":live", NONE, "lambda:AddPermission")),
          entry("AWS::Logs::QueryDefinition", on("*", NONE, "logs:PutQueryDefinition")),
          entry(
              "AWS::Route53::RecordSetGroup",
              on(
                  "route53:::hostedzone/Z0123456789",
                  Map.of("route53:ChangeResourceRecordSetsRecordTypes", "A,AAAA"),
                  "route53:ChangeResourceRecordSets")),
          entry("AWS::S3::Bucket", all(bucket(BUCKET), bucket(BUCKET_OF_CANARY))),
          entry(
              "AWS::S3::BucketPolicy",
              all(
                  on(BUCKET, NONE, "s3:PutBucketPolicy", "s3:GetBucketPolicy"),
                  on(BUCKET_OF_CANARY, NONE, "s3:PutBucketPolicy", "s3:GetBucketPolicy"))),
          entry(
              "AWS::SNS::Topic",
              on(
                  "sns:" + HERE + "pulso-prod-AlarmTopic-1",
                  NONE,
                  "sns:CreateTopic",
                  "sns:Subscribe")),
          entry(
              "AWS::SNS::TopicPolicy",
              on("sns:" + HERE + "pulso-prod-AlarmTopic-1", NONE, "sns:SetTopicAttributes")),
          entry(
              "AWS::SecretsManager::Secret",
              all(
                  on(SECRET, NEW, "secretsmanager:CreateSecret", "secretsmanager:TagResource"),
                  on(SECRET, OWN, "secretsmanager:UpdateSecret", "secretsmanager:DeleteSecret"),
                  on(SECRET, OWN, "secretsmanager:GetSecretValue"),
                  on("*", NONE, "secretsmanager:GetRandomPassword"))),
          entry(
              "AWS::Serverless::Function",
              all(
                  on(
                      FUNCTION,
                      NONE,
                      "lambda:CreateFunction",
                      "lambda:UpdateFunctionCode",
                      "lambda:PutFunctionConcurrency"),
                  on(FUNCTION, NONE, "lambda:PublishVersion", "lambda:AddPermission"),
                  on(FUNCTION, NONE, "lambda:GetFunction", "lambda:GetFunctionScalingConfig"),
                  on("*", NONE, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces"),
                  on(FUNCTION + ":live", NONE, "lambda:CreateAlias", "lambda:UpdateAlias"),
                  on(
                      "lambda:eu-west-1:015030872274:layer:"
                          + "AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:1",
                      NONE,
                      "lambda:GetLayerVersion"),
                  on("${Artifacts.Arn}/pulso-prod/code", NONE, "s3:GetObject"),
                  on(GRADUAL + "application:pulso-prod-1", NONE, "codedeploy:CreateApplication"),
                  on(
                      GRADUAL + "deploymentgroup:pulso-prod-1/pulso-prod-2",
                      NONE,
                      "codedeploy:CreateDeploymentGroup",
                      "codedeploy:CreateDeployment"),
                  on(
                      "events:" + HERE + "rule/pulso-prod-EventPush-1",
                      NONE,
                      "events:PutRule",
                      "events:PutTargets"),
                  on(
                      "scheduler:" + HERE + "schedule/default/pulso-prod-EveryMinute-1",
                      NONE,
                      "scheduler:CreateSchedule"))),
          entry("AWS::Serverless::HttpApi", all(api(""), api("/stages/$default"))),
          entry(
              "AWS::Synthetics::Canary",
              all(
                  on("*", NEW, "synthetics:CreateCanary"),
                  on(
                      "synthetics:" + HERE + "canary:pulso-prod-api",
                      NONE,
                      "synthetics:GetCanary",
                      "synthetics:UpdateCanary",
                      "synthetics:StartCanary",
                      "synthetics:DeleteCanary"),
                  on("*", NONE, "iam:ListRoles", "s3:ListAllMyBuckets"),
                  on(
                      "lambda:" + HERE + "function:cwsyn-pulso-prod-api-1",
                      NONE,
                      "lambda:CreateFunction",
                      "lambda:PublishVersion",
                      "lambda:GetFunctionConfiguration"),
                  on(
                      "lambda:" + HERE + "layer:cwsyn-pulso-prod-api-1",
                      NONE,
                      "lambda:PublishLayerVersion"),
                  on(
                      "lambda:eu-west-1:236176380616:layer:Synthetics:90",
                      NONE,
                      "lambda:GetLayerVersion"),
                  passed("lambda"),
                  passed("synthetics"))),
          entry(
              "AWS::WAFv2::LoggingConfiguration",
              all(
                  on(WEB_ACL, NONE, "wafv2:PutLoggingConfiguration"),
                  on("*", NONE, "logs:CreateLogDelivery"))),
          entry(
              "AWS::WAFv2::WebACL", on(WEB_ACL, NONE, "wafv2:CreateWebACL", "wafv2:TagResource")));

  private Making() {}
}
