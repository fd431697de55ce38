package dev.pulso.functions.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pulso.push.Outbound.Delivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends to a stand-in of the management API, which checks each signature. */
class ManagementApiTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:30:15Z");
  private static final Signature SIGNATURE =
      new Signature(
          new Credentials("AKIDEXAMPLE", "secret", Optional.of("session")),
          "eu-west-1",
          "execute-api");

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private HttpServer server;
  private URI endpoint;
  private volatile int answer = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/events/", this::handle);
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events");
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    URI uri = endpoint.resolve(exchange.getRequestURI().toString());
    String type = exchange.getRequestHeaders().getFirst("content-type");
    String expected =
        SIGNATURE
            .headers(
                exchange.getRequestMethod(),
                uri,
                type == null ? Map.of() : Map.of("content-type", type),
                body,
                NOW)
            .get("Authorization");
    boolean isSigned =
        expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && "session".equals(exchange.getRequestHeaders().getFirst("x-amz-security-token"));
    received.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + new String(body, StandardCharsets.UTF_8));
    exchange.sendResponseHeaders(isSigned ? answer : 403, -1);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The gateway would refuse each message, which looks like a wrong role. */
  @Test
  void nothingIsSentWithoutKeys() {
    Signature unsigned = new Signature(Credentials.from(Map.of()), "eu-west-1", "execute-api");
    ManagementApi api = new ManagementApi(endpoint, unsigned, Clock.fixed(NOW, ZoneOffset.UTC));
    assertThatThrownBy(() -> api.post("c", "{}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("AWS_ACCESS_KEY_ID");
    assertThat(received).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"200,DELIVERED", "410,GONE", "429,REFUSED", "500,REFUSED", "403,REFUSED"})
  void theStatusTellsWhatBecameOfAMessage(int status, Delivery delivery) throws Exception {
    answer = status;
    assertThat(inTime(() -> api(endpoint).post("L0SM9cOFvHcCIhw=", "{\"a\":\"é\"}")))
        .isEqualTo(delivery);
    assertThat(received.take())
        .isEqualTo("POST /events/@connections/L0SM9cOFvHcCIhw%3D {\"a\":\"é\"}");
  }

  @ParameterizedTest
  @CsvSource({"204,true", "410,true", "429,false", "500,false", "403,false"})
  void theStatusTellsWhetherAConnectionEnds(int status, boolean ends) throws Exception {
    answer = status;
    assertThat(inTime(() -> api(endpoint).disconnect("abc="))).isEqualTo(ends);
    assertThat(received.take()).isEqualTo("DELETE /events/@connections/abc%3D ");
  }

  @Test
  void anUnreachableGatewayRefuses() {
    server.stop(0);
    assertThat(api(endpoint).post("abc=", "{}")).isEqualTo(Delivery.REFUSED);
    assertThat(api(endpoint).disconnect("abc=")).isFalse();
  }

  /** A busy machine may take more than the three seconds that an answer of the gateway may. */
  private static <T> T inTime(Supplier<T> act) {
    for (int i = 0; ; i++) {
      long start = System.nanoTime();
      T result = act.get();
      if (i == 5 || System.nanoTime() - start < Duration.ofSeconds(3).toNanos()) {
        return result;
      }
    }
  }

  private static ManagementApi api(URI endpoint) {
    return new ManagementApi(endpoint, SIGNATURE, Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
