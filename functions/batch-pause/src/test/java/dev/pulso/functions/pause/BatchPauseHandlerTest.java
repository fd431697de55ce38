package dev.pulso.functions.pause;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is answered before anybody asks the database: none is given. */
class BatchPauseHandlerTest {
  private final BatchPauseHandler handler =
      new BatchPauseHandler(
          Pulso.open(Pulso.Options.of(Settings.from(Map.of("ALLOW_ANONYMOUS", "true")))));

  @Test
  void onlyPostIsAllowed() {
    for (String action : new String[] {"pause", "resume"}) {
      APIGatewayV2HTTPResponse answer =
          handler.handleRequest(Requests.of("GET", "b", action), null);
      assertThat(answer.getStatusCode()).isEqualTo(405);
      assertThat(answer.getHeaders()).containsEntry("Allow", "POST");
    }
  }

  @Test
  void aBatchHasToBeNamed() {
    APIGatewayV2HTTPResponse answer =
        handler.handleRequest(Requests.of("POST", " ", "pause"), null);
    assertThat(answer.getStatusCode()).isEqualTo(400);
  }

  @Test
  void withoutADatabaseItSaysWhenToTryAgain() {
    APIGatewayV2HTTPResponse answer =
        handler.handleRequest(Requests.of("POST", "b", "pause"), null);
    assertThat(answer.getStatusCode()).isEqualTo(503);
    assertThat(answer.getHeaders()).containsKey("Retry-After");
  }
}
