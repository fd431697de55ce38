package dev.pulso.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.access.Caller;
import dev.pulso.config.Settings;
import dev.pulso.observe.Observer;
import dev.pulso.time.Deadline;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that are too long. */
class RequestSizesTest {
  private final ApiHandler handler = new Echo();

  @Test
  void longQueriesAreRefused() {
    isProblem(answer(event().withRawQueryString("a=" + "x".repeat(12_287))), 414, "URI_TOO_LONG");
    assertThat(answer(event().withRawQueryString("a=" + "x".repeat(12_286))).getStatusCode())
        .isEqualTo(200);
  }

  @Test
  void longTagsAreRefused() {
    isProblem(answer(tagged("x".repeat(8_193))), 431, "HEADERS_TOO_LARGE");
    assertThat(answer(tagged("x".repeat(8_192))).getStatusCode()).isEqualTo(200);
  }

  @Test
  void onlyLongBodiesAreRefused() {
    isProblem(answer(event().withBody("x".repeat(65_537))), 413, "BODY_TOO_LARGE");
    assertThat(answer(event().withBody("{\"any\":\"thing\"}")).getStatusCode()).isEqualTo(200);
  }

  @Test
  void base64BodyCountsDecodedBytes() {
    assertThat(answer(encoded(65_536)).getStatusCode()).isEqualTo(200);
    isProblem(answer(encoded(65_537)), 413, "BODY_TOO_LARGE");
    isProblem(answer(event().withBody("é".repeat(32_769))), 413, "BODY_TOO_LARGE");
  }

  private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder encoded(int bytes) {
    String body = Base64.getEncoder().encodeToString(new byte[bytes]);
    return event().withBody(body).withIsBase64Encoded(true);
  }

  @Test
  void unknownParametersAreIgnored() {
    assertThat(answer(event().withRawQueryString("_=1700000000&utm=%C3%B1&a&a&=")).getStatusCode())
        .isEqualTo(200);
  }

  @Test
  void eventWithNullsIsAccepted() {
    assertThatCode(() -> answer(APIGatewayV2HTTPEvent.builder())).doesNotThrowAnyException();
  }

  private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder tagged(String value) {
    return event().withHeaders(Map.of("If-None-Match", value));
  }

  private static APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event() {
    return APIGatewayV2HTTPEvent.builder().withRouteKey("GET /");
  }

  private APIGatewayV2HTTPResponse answer(
      APIGatewayV2HTTPEvent.APIGatewayV2HTTPEventBuilder event) {
    return handler.handleRequest(event.build(), null);
  }

  private static void isProblem(APIGatewayV2HTTPResponse response, int status, String code) {
    assertThat(response.getStatusCode()).isEqualTo(status);
    assertThat(response.getHeaders()).containsEntry("Content-Type", "application/problem+json");
    assertThat(response.getBody()).contains("\"code\":\"" + code + "\"");
  }

  private static final class Echo extends ApiHandler {
    private Echo() {
      super(
          Settings.from(Map.of("ALLOW_ANONYMOUS", "true")), Observer.none(), "batch-status", "GET");
    }

    @Override
    protected APIGatewayV2HTTPResponse answer(
        ApiRequest request, Caller caller, Deadline deadline) {
      return Answers.revalidated(request, json -> json.flag("success", true));
    }
  }
}
