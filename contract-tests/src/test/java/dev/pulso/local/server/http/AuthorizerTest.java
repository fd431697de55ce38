package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.openapi.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The authorizer before the functions: rejected requests reach none of them. */
class AuthorizerTest {
  private static final String STATUS = "/api/v1/batches/batch-1/status";
  private static final String LET_IN = "Authorization: Bearer good";

  private final AtomicReference<APIGatewayV2HTTPEvent> seen = new AtomicReference<>();

  @ParameterizedTest
  @ValueSource(strings = {STATUS, "/api/v1/dashboard/overview", "/", "/no/such/path"})
  void missingTokenIs401OnEveryPath(String path) throws IOException {
    try (RunningEdge edge = edge()) {
      Answer reply = edge.get(path);
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.header("www-authenticate")).contains("Bearer");
      assertThat(reply.header("content-type")).contains("application/problem+json");
      assertThat(reply.header("cache-control")).contains("no-store");
      assertThat(reply.body()).contains("\"status\":401", "\"code\":\"UNAUTHENTICATED\"");
      assertThat(seen).hasNullValue();
    }
  }

  @Test
  void invalidTokenIsRefusedWithReason() throws IOException {
    try (RunningEdge edge = edge()) {
      Answer reply = edge.get(STATUS, "Authorization: Bearer bad");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.header("www-authenticate"))
          .contains("Bearer error=\"invalid_token\", error_description=\"it is bad\"");
      assertThat(edge.get(STATUS, LET_IN, "Authorization: Bearer bad").status()).isEqualTo(401);
      assertThat(seen).hasNullValue();
    }
  }

  @Test
  void eventHasClaimsOfToken() throws IOException {
    try (RunningEdge edge = edge()) {
      assertThat(edge.get(STATUS, LET_IN).status()).isEqualTo(200);
      var jwt = seen.get().getRequestContext().getAuthorizer().getJwt();
      assertThat(jwt.getClaims()).isEqualTo(Map.of("sub", "u"));
      assertThat(jwt.getScopes()).isNull();
      assertThat(seen.get().getHeaders()).containsEntry("authorization", "Bearer good");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {STATUS, "/", "/no/such/path"})
  void onlyPreflightsNeedNoToken(String path) throws IOException {
    try (RunningEdge edge = edge()) {
      String origin = "Origin: http://localhost:3000";
      Answer preflight =
          edge.send(
              RunningEdge.request("OPTIONS", path, origin, "Access-Control-Request-Method: GET"));
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.header("access-control-allow-origin")).isPresent();
      assertThat(edge.send(RunningEdge.request("OPTIONS", path)).status()).isEqualTo(401);
      assertThat(edge.get(path, origin).header("access-control-allow-origin")).isPresent();
    }
  }

  @Test
  void unreadBodyIsNotNextRequest() throws IOException {
    String smuggled = "GET " + STATUS + " HTTP/1.1\r\nHost: a\r\n" + LET_IN + "\r\n\r\n";
    String refused =
        "POST /api/v1/batches/b/cancel HTTP/1.1\r\nHost: a\r\nContent-Length: "
            + smuggled.length()
            + "\r\n\r\n";
    String last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    try (RunningEdge edge = edge();
        Socket socket = edge.connect()) {
      socket
          .getOutputStream()
          .write((refused + smuggled + last).getBytes(StandardCharsets.US_ASCII));
      assertThat(RunningEdge.read(socket).status()).isEqualTo(401);
      assertThat(seen).hasNullValue();
    }
  }

  /**
   * The body arrives after the head: the server must not answer, and end the connection, before.
   */
  @Test
  void connectionOutlivesRefusal() throws IOException {
    String refused =
        "POST /api/v1/batches/b/cancel HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    String last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    try (RunningEdge edge = edge();
        Socket socket = edge.connect()) {
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(refused.getBytes(StandardCharsets.US_ASCII));
      // Another connection shows that the server had time for the head.
      assertThat(edge.get("/").status()).isEqualTo(401);
      socket.getOutputStream().write(("{  }" + last).getBytes(StandardCharsets.US_ASCII));
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answers.split("HTTP/1.1 401", -1)).hasSize(3);
    }
  }

  private RunningEdge edge() throws IOException {
    return RunningEdge.behind(
        AuthorizerTest::claims,
        (event, context) -> {
          seen.set(event);
          return RunningEdge.ok("{}");
        });
  }

  private static Optional<Map<String, String>> claims(Optional<String> authorization)
      throws UnauthorizedException {
    if (authorization.isEmpty()) {
      throw UnauthorizedException.withoutToken();
    }
    if (!authorization.get().equals("Bearer good")) {
      throw UnauthorizedException.invalidToken("it is bad");
    }
    return Optional.of(Map.of("sub", "u"));
  }
}
