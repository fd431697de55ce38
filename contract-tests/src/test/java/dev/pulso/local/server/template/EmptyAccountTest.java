package dev.pulso.local.server.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A stack with the defaults asks nothing of an account that a new one does not have. */
class EmptyAccountTest {
  private final Deployment defaults = new Deployment(Watched.TEMPLATE, Map.of());

  EmptyAccountTest() throws IOException {}

  /** Lambda refuses reservations in an account that may run 10 functions at once. */
  @Test
  void nothingReservesConcurrency() {
    assertThat(defaults.all("AWS::Serverless::Function"))
        .allSatisfy(
            (name, function) -> {
              assertThat(function.get("ReservedConcurrentExecutions")).as(name).isNull();
              assertThat(function.get("ProvisionedConcurrencyConfig")).as(name).isNull();
            });
  }

  /**
   * For logs of a WebSocket API, other than those of an HTTP API, the gateway wants a role in the
   * settings of account and region, and refuses the stage without it.
   */
  @Test
  void webSocketsWriteNoAccessLog() throws IOException {
    assertThat(defaults.resource("EventsStage").get("AccessLogSettings")).isNull();
    Deployment logging = new Deployment(Watched.TEMPLATE, Map.of("EventsAccessLog", "true"));
    assertThat(logging.resource("EventsStage").get("AccessLogSettings").toString())
        .contains("AccessLogs.Arn", "$context.requestId")
        .doesNotContain("identity", "query", "token");
  }
}
