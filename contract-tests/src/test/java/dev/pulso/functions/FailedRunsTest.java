package dev.pulso.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.amazonaws.services.lambda.runtime.Context;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.functions.delivery.WebhookDeliveryHandler;
import dev.pulso.functions.push.EventPushHandler;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.local.server.http.LambdaContext;
import dev.pulso.observe.LoggedException;
import dev.pulso.observe.Measured;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Outcome;
import dev.pulso.observe.Tracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Functions that answer no HTTP request, without a database. */
class FailedRunsTest {
  private static final Settings NOWHERE =
      Settings.from(Map.of("MONGODB_URI", "mongodb://user:secret@127.0.0.1:1/"));

  private final List<Measured> measured = new ArrayList<>();

  @AutoClose
  private final Pulso pulso =
      Pulso.open(Pulso.Options.of(NOWHERE).withObserver(new Observer(measured::add, Tracer.OFF)));

  @Test
  void upkeepNamesNeitherHostNorCause() {
    isHidden(() -> new BatchUpkeepHandler(pulso).handleRequest(Map.of(), null));
  }

  @Test
  void deliveryNamesNeitherHostNorCause() {
    isHidden(() -> new WebhookDeliveryHandler(pulso).handleRequest(Map.of(), left(29)));
  }

  @Test
  void pusherNamesNeitherHostNorCause() {
    isHidden(() -> new EventPushHandler(pulso).handleRequest(Map.of(), left(13)));
    assertThat(measured).as("a run that counts as one").isEmpty();
  }

  @Test
  void aSignalThatFailsIsNoFailedRun() {
    Map<String, Object> signal =
        Map.of("detail-type", "JobsChanged", "detail", Map.of("batch_ids", List.of("b")));
    assertThat(new EventPushHandler(pulso).handleRequest(signal, null))
        .isEqualTo(Map.of("recounts", 0, "failed", true));
  }

  @Test
  void socketNamesNeitherHostNorCause() {
    Map<String, Object> connect =
        Map.of(
            "type",
            "REQUEST",
            "queryStringParameters",
            Map.of("token", "t".repeat(43)),
            "requestContext",
            context("$connect"));
    isHidden(() -> new EventSocketHandler(pulso).handleRequest(connect, null));
    isHidden(() -> socket("$disconnect", ""));
  }

  @Test
  void aMessageThatFailedCountsAsError() {
    Map<String, Object> answer = socket("$default", "{\"action\":\"subscribe\",\"batches\":true}");
    assertThat(answer).containsEntry("statusCode", 200);
    assertThat(answer.get("body")).asString().contains("\"code\":\"DATABASE_UNAVAILABLE\"");
    assertThat(measured)
        .singleElement()
        .extracting(Measured::outcome)
        .isEqualTo(Outcome.UNAVAILABLE);
    assertThat(measured.getFirst().figures()).containsKey(Metric.ERRORS);
  }

  @Test
  void aWrongMessageCountsAsClientError() {
    assertThat(socket("$default", "x")).containsEntry("statusCode", 200);
    assertThat(measured)
        .singleElement()
        .extracting(Measured::outcome)
        .isEqualTo(Outcome.CLIENT_ERROR);
  }

  private Map<String, Object> socket(String route, String body) {
    return new EventSocketHandler(pulso)
        .handleRequest(Map.of("body", body, "requestContext", context(route)), null);
  }

  private static Map<String, Object> context(String route) {
    return Map.of("routeKey", route, "connectionId", "c1", "requestId", "r1");
  }

  /** On a busy machine, a run may find its time over before it has tried anything. */
  private static void isHidden(ThrowingCallable run) {
    Throwable thrown = null;
    for (int i = 0; thrown == null && i < 5; i++) {
      thrown = catchThrowable(run);
    }
    assertThat(thrown)
        .isInstanceOf(LoggedException.class)
        .hasNoCause()
        .hasMessageNotContainingAny("127.0.0.1", "secret");
  }

  private static Context left(int seconds) {
    return new LambdaContext("test", Duration.ofSeconds(seconds), 512);
  }
}
