package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each function has its own role, log group, secret, concurrency and alarms, and nobody else's. */
class FunctionsTest {
  /** Lambda's own lines about each poll would cost more than the poll. */
  @Test
  void lambdaLogsFailuresOnly() throws IOException {
    Deployment deployment = new Deployment(Watched.TEMPLATE, Map.of());
    assertThat(deployment.common().get("LoggingConfig"))
        .isEqualTo(Map.of("LogFormat", "JSON", "SystemLogLevel", "WARN"));
    assertThat(deployment.all("AWS::Serverless::Function").values())
        .allSatisfy(
            function ->
                assertThat(Deployment.map(function, "LoggingConfig").keySet())
                    .isEqualTo(Set.of("LogGroup")));
  }

  @Test
  void parametersReachFunctions() throws IOException {
    Deployment deployment =
        new Deployment(Watched.TEMPLATE, Map.of("PollsPerLine", "7", "MongoPoolSize", "2"));
    Map<?, ?> status = deployment.resource("BatchStatusFunction");
    assertThat(deployment.variable(status, "POLLS_PER_LINE")).isEqualTo("7");
    assertThat(deployment.all("AWS::Serverless::Function").values())
        .allSatisfy(
            function ->
                assertThat(deployment.variable(function, "MONGODB_MAX_POOL_SIZE")).isEqualTo("2"));
  }

  @ParameterizedTest
  @CsvSource({
    "BatchStatus, batch-status, Status",
    "BatchSummary, batch-summary, Summary",
    "BatchCancel, batch-cancel, Cancel",
    "BatchPause, batch-pause, Pause",
    "BatchOperations, batch-operations, Operations",
    "DashboardOverview, dashboard-overview, Overview",
    "BatchList, batch-list, List",
    "BatchDetails, batch-details, Details",
    "AccountList, account-list, Accounts",
    "Webhooks, webhooks, Webhooks",
    "WebhookDelivery, webhook-delivery, Delivery",
    "EventTickets, event-tickets, Tickets",
    "EventSocket, event-socket, Socket",
    "EventPush, event-push, Push",
    "BatchUpkeep, batch-upkeep, Upkeep",
  })
  void functionHasItsOwn(String name, String endpoint, String parameter) throws IOException {
    Map<String, Object> given = new HashMap<>();
    String secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:pulso/own-AbCdEf";
    given.put(parameter + "SecretArn", secret);
    given.put(
        "DatabaseSecretArn",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:pulso/shared-AbCdEf");
    given.put(parameter + "Concurrency", 7);
    Deployment deployment = new Deployment(Watched.TEMPLATE, given);

    Map<?, ?> function = deployment.resource(name + "Function");
    assertThat(function.get("Role")).isEqualTo(Map.of("Fn::GetAtt", name + "Role.Arn"));
    assertThat(function.get("LoggingConfig"))
        .isEqualTo(Map.of("LogGroup", Map.of("Ref", name + "Logs")));
    assertThat(function.get("ReservedConcurrentExecutions")).isEqualTo(7);
    assertThat(deployment.variable(function, "MONGODB_SECRET_ID")).isEqualTo(secret);
    assertThat(deployment.dependencies(name + "Function")).contains(name + "Secret");
    assertThat(deployment.resource(name + "Secret").get("Roles"))
        .isEqualTo(List.of(Map.of("Ref", name + "Role")));
    assertThat(deployment.resource(name + "Secret").toString()).contains("Resource=" + secret);
    assertThat(deployment.resource(name + "Latency").get("Metrics").toString())
        .contains(
            "Dimensions=[{Name=stack, Value={Ref=AWS::StackName}}, {Name=endpoint, Value="
                + endpoint
                + "}]");
    assertThat(deployment.resource(name + "Errors").toString())
        .contains("Dimensions=" + List.of("{Name=FunctionName, Value={Ref=" + name + "Function}}"));
  }
}
