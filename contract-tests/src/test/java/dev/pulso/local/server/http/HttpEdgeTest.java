package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEdgeTest {
  private static final int CLIENTS = 100;
  private static final int PATIENCE_MS = 10_000;
  private static final String STATUS = "/api/v1/batches/batch-1/status";

  @Test
  void answersAreReturnedUnchanged() throws IOException {
    APIGatewayV2HTTPResponse answer =
        APIGatewayV2HTTPResponse.builder()
            .withStatusCode(202)
            .withHeaders(Map.of("Content-Type", "application/json", "Retry-After", "5"))
            .withMultiValueHeaders(Map.of("x-several", List.of("1", "2")))
            .withCookies(List.of("a=1; Path=/", "b=2"))
            .withBody("{\"ñ\":1}")
            .build();
    try (RunningEdge edge = new RunningEdge((event, context) -> answer)) {
      Answer reply = edge.get(STATUS);
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.body()).isEqualTo("{\"ñ\":1}");
      assertThat(reply.header("content-type")).contains("application/json");
      assertThat(reply.header("content-length")).contains("8");
      assertThat(reply.header("retry-after")).contains("5");
      assertThat(reply.header("x-several")).contains("1, 2");
      assertThat(reply.header("set-cookie")).contains("a=1; Path=/ | b=2");
      assertThat(reply.header("apigw-requestid")).get().asString().hasSize(16).endsWith("=");
      assertThat(reply.header("server")).isEmpty();
    }
  }

  @Test
  void base64BodiesAreDecoded() throws IOException {
    APIGatewayV2HTTPResponse answer =
        APIGatewayV2HTTPResponse.builder()
            .withStatusCode(200)
            .withBody("aG9sYQ==")
            .withIsBase64Encoded(true)
            .build();
    try (RunningEdge edge = new RunningEdge((event, context) -> answer)) {
      assertThat(edge.get(STATUS).body()).isEqualTo("hola");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void emptyAnswersHaveNoLength(int status) throws IOException {
    APIGatewayV2HTTPResponse answer =
        APIGatewayV2HTTPResponse.builder().withStatusCode(status).withBody("ignored").build();
    try (RunningEdge edge = new RunningEdge((event, context) -> answer)) {
      Answer reply = edge.get(STATUS);
      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.body()).isEmpty();
      assertThat(reply.header("content-length")).isEmpty();
    }
  }

  @Test
  void headHasHeadersWithoutBody() throws IOException {
    try (RunningEdge edge = new RunningEdge((event, context) -> RunningEdge.ok("{}"))) {
      Answer reply = edge.send(RunningEdge.request("HEAD", STATUS));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("content-length")).contains("2");
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void headKeepsLengthOfFunction() throws IOException {
    APIGatewayV2HTTPResponse answer =
        APIGatewayV2HTTPResponse.builder()
            .withStatusCode(200)
            .withHeaders(Map.of("Content-Length", "412"))
            .build();
    try (RunningEdge edge = new RunningEdge((event, context) -> answer)) {
      Answer reply = edge.send(RunningEdge.request("HEAD", STATUS));
      assertThat(reply.header("content-length")).contains("412");
      assertThat(reply.body()).isEmpty();
    }
  }

  @Test
  void contextCountsDownFromTimeout() throws IOException {
    AtomicReference<Context> seen = new AtomicReference<>();
    try (RunningEdge edge =
        new RunningEdge(
            (event, context) -> {
              seen.set(context);
              return RunningEdge.ok("{}");
            })) {
      edge.get(STATUS);
    }
    Context context = seen.get();
    assertThat(context.getFunctionName()).isEqualTo("Function");
    assertThat(context.getMemoryLimitInMB()).isEqualTo(512);
    assertThat(context.getAwsRequestId()).isNotEmpty();
    int limit = (int) RunningEdge.FUNCTION_TIMEOUT.toMillis();
    assertThat(context.getRemainingTimeInMillis()).isLessThanOrEqualTo(limit);
    assertThat(new LambdaContext("F", Duration.ZERO, 1).getRemainingTimeInMillis()).isZero();
  }

  @Test
  void portCannotBeTakenTwice() throws Exception {
    try (HttpEdge edge = new HttpEdge(RunningEdge.LOOPBACK, 0)) {
      assertThatThrownBy(() -> new HttpEdge(RunningEdge.LOOPBACK, edge.port()))
          .hasRootCauseInstanceOf(BindException.class);
    }
  }

  @Test
  void manyClientsWaitUntilItServes() throws IOException {
    List<Socket> clients = new ArrayList<>();
    try (HttpEdge edge = new HttpEdge(RunningEdge.LOOPBACK, 0)) {
      for (int i = 0; i < CLIENTS; i++) {
        Socket client = new Socket();
        clients.add(client);
        client.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()), PATIENCE_MS);
      }
      assertThat(clients).allMatch(Socket::isConnected);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }
}
