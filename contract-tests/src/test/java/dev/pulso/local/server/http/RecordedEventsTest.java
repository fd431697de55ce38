package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each pair of files under {@code events/} is an HTTP request and the event that API Gateway makes
 * of it.
 */
class RecordedEventsTest {
  private static final Map<String, String> VARYING_HEADERS =
      Map.of(
          "x-amzn-trace-id", "Root=1-[0-9a-f]{8}-[0-9a-f]{24}",
          "x-forwarded-for", "([^,]+,)*[0-9a-f:.]+",
          "x-forwarded-port", "[0-9]{1,5}",
          "x-forwarded-proto", "https?");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status-from-browser",
        "cancel-with-reason",
        "json-body-and-encoded-path",
        "form-body-is-base64",
        "overview-with-cookies",
        "unknown-path-goes-to-default"
      })
  void eventsEqualThoseOfApiGateway(String name) throws IOException {
    APIGatewayV2HTTPEvent recorded =
        EventLoader.loadApiGatewayHttpEvent("events/" + name + ".json");
    APIGatewayV2HTTPEvent event = eventOf(request(name));
    assertShapeOfWhatVaries(event);
    assertShapeOfWhatVaries(recorded);
    assertThat(withoutWhatVaries(event)).isEqualTo(withoutWhatVaries(recorded));
    assertThat(chain(event)).hasSameSizeAs(chain(recorded));
  }

  private static APIGatewayV2HTTPEvent eventOf(byte[] request) throws IOException {
    AtomicReference<APIGatewayV2HTTPEvent> seen = new AtomicReference<>();
    try (RunningEdge edge =
            RunningEdge.withDefaultRoute(
                (event, context) -> {
                  seen.set(event);
                  return RunningEdge.ok("{}");
                });
        Socket socket = edge.connect()) {
      socket.getOutputStream().write(request);
      assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
    }
    return seen.get();
  }

  private static byte[] request(String name) throws IOException {
    try (InputStream file =
        RecordedEventsTest.class.getResourceAsStream("/events/" + name + ".request")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static void assertShapeOfWhatVaries(APIGatewayV2HTTPEvent event) {
    VARYING_HEADERS.forEach(
        (name, shape) -> assertThat(event.getHeaders().get(name)).matches(shape));
    RequestContext context = event.getRequestContext();
    assertThat(context.getAccountId()).matches("[0-9]{12}");
    assertThat(context.getApiId()).matches("[a-z0-9]+");
    assertThat(context.getRequestId()).matches("[A-Za-z0-9_-]{15}=");
    assertThat(context.getHttp().getSourceIp()).matches("[0-9a-f:.]+");
    Instant epoch = Instant.ofEpochMilli(context.getTimeEpoch());
    assertThat(EventTranslation.COMMON_LOG_TIME.parse(context.getTime(), Instant::from))
        .isEqualTo(epoch.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String[] chain(APIGatewayV2HTTPEvent event) {
    return event.getHeaders().get("x-forwarded-for").split(",");
  }

  private static APIGatewayV2HTTPEvent withoutWhatVaries(APIGatewayV2HTTPEvent event) {
    Map<String, String> headers = new TreeMap<>(event.getHeaders());
    headers.keySet().removeAll(VARYING_HEADERS.keySet());
    RequestContext context = event.getRequestContext();
    return APIGatewayV2HTTPEvent.builder()
        .withVersion(event.getVersion())
        .withRouteKey(event.getRouteKey())
        .withRawPath(event.getRawPath())
        .withRawQueryString(event.getRawQueryString())
        .withCookies(event.getCookies())
        .withHeaders(headers)
        .withQueryStringParameters(event.getQueryStringParameters())
        .withPathParameters(event.getPathParameters())
        .withStageVariables(event.getStageVariables())
        .withBody(event.getBody())
        .withIsBase64Encoded(event.getIsBase64Encoded())
        .withRequestContext(
            RequestContext.builder()
                .withRouteKey(context.getRouteKey())
                .withStage(context.getStage())
                .withDomainName(context.getDomainName())
                .withDomainPrefix(context.getDomainPrefix())
                .withAuthorizer(context.getAuthorizer())
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(context.getHttp().getMethod())
                        .withPath(context.getHttp().getPath())
                        .withProtocol(context.getHttp().getProtocol())
                        .withUserAgent(context.getHttp().getUserAgent())
                        .build())
                .build())
        .build();
  }
}
