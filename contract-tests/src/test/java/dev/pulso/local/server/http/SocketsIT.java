package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.local.database.MongoServer;
import dev.pulso.push.Outbound.Delivery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real WebSocket connections to the function behind the edge. */
class SocketsIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String PING = "{\"action\":\"ping\"}";
  private static final String PONG = "{\"type\":\"pong\"}";
  private static final Map<String, String> ANA =
      Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-chile-001");

  private final Pulso pulso =
      Pulso.open(
          Pulso.Options.of(
              Settings.from(
                  Map.of(
                      "MONGODB_URI",
                      MongoServer.forTests().uri(),
                      "MONGODB_DATABASE",
                      "sockets_" + UUID.randomUUID().toString().replace("-", ""),
                      "ALLOWED_ORIGINS",
                      "https://app.example.com,https://other.example.com"))));

  private final HttpClient http = HttpClient.newHttpClient();
  private Sockets sockets;
  private HttpEdge edge;

  @BeforeEach
  void serve() throws IOException {
    serve(SocketLimits.NONE);
  }

  private void serve(SocketLimits limits) throws IOException {
    serve(new EventSocketHandler(pulso), limits);
  }

  private void serve(
      RequestHandler<Map<String, Object>, Map<String, Object>> function, SocketLimits limits)
      throws IOException {
    sockets = new Sockets(function, limits);
    edge = new HttpEdge(RunningEdge.LOOPBACK, 0);
    edge.serve(
        new RouteTable(List.of()),
        CorsRules.NONE,
        Authorizer.OPEN,
        HttpEdge.GATEWAY_TIME_LIMIT,
        List.of(),
        Optional.of(sockets));
  }

  @AfterEach
  void close() {
    edge.close();
    sockets.close();
    pulso.db().database().drop();
    pulso.close();
  }

  @Test
  void aTicketConnectsOnceAndIsAnswered() {
    String ticket = ticket();
    Client client = connect("?token=" + ticket, Optional.empty());
    client.send(PING);
    client.awaitMessage(PONG);
    client.send("no JSON");
    client.awaitMessage("\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    Eventually.isTrue(SOON, () -> client.received.size() == 3);
    assertRefused("?token=" + ticket, Optional.empty());
  }

  @Test
  void aBinaryMessageGetsAnError() {
    Client client = connect("?token=" + ticket(), Optional.empty());
    client.socket.sendBinary(ByteBuffer.wrap(PING.getBytes(StandardCharsets.UTF_8)), true).join();
    client.awaitMessage("\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    client.awaitMessage(PONG);
  }

  @Test
  void anErrorNamesItsSubscription() {
    Client client = connect("?token=" + ticket(), Optional.empty());
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"none\"}");
    client.awaitMessage("{\"type\":\"error\",\"batch_id\":\"none\",\"code\":\"BATCH_NOT_FOUND\"");
    client.send("{\"action\":\"subscribe\",\"overview\":true,\"account_id\":\"acc-peru\"}");
    client.awaitMessage(
        "{\"type\":\"error\",\"overview\":true,\"account_id\":\"acc-peru\","
            + "\"code\":\"ACCOUNT_FORBIDDEN\"");
    pulso.db().connections().deleteMany(new Document());
    client.send("{\"action\":\"subscribe\",\"batches\":true}");
    client.awaitMessage(
        "{\"type\":\"error\",\"batches\":true,\"account_id\":null,\"code\":\"UNAUTHENTICATED\"");
  }

  @Test
  void nobodyConnectsWithoutATicketOrFromAnotherOrigin() {
    assertRefused("", Optional.empty());
    assertRefused("?token=", Optional.empty());
    assertRefused("?token=eyJhbGciOiJub25lIn0.e30.", Optional.empty());
    assertRefused("?token=" + ticket(), Optional.of("https://evil.example.com"));
    connect("?token=" + ticket(), Optional.of("https://other.example.com"));
    connect("?token=" + ticket(), Optional.of("http://127.0.0.1:" + edge.port()));
  }

  @Test
  void onlyNamesOfThisMachineAreItsOwnPages() throws IOException {
    for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
      assertThat(handshake(host + ":" + edge.port())).as(host).contains(" 101 ");
    }
    // Whoever owns this name makes it lead to 127.0.0.1 once the page is loaded.
    assertThat(handshake("rebound.example.com:" + edge.port())).contains(" 403 ");
    assertThat(handshake("localhost.example.com:" + edge.port())).contains(" 403 ");
  }

  @Test
  void aSubscriberIsToldTheState() throws InterruptedException {
    pulso.db().batches().insertOne(Builders.batch("b1"));
    pulso.db().jobs().insertMany(Builders.jobs(2, "b1", "pending"));
    Client client = connect("?token=" + ticket(), Optional.empty());
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"b1\"}");
    Thread pusher = Thread.ofPlatform().start(() -> pulso.push(sockets, SOON));
    client.awaitMessage("\"total_jobs\":2");
    client.socket.abort();
    pusher.join();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void aConnectionThatHasEndedIsGone() {
    assertThat(sockets.post("nobody", "{}")).isEqualTo(Delivery.GONE);
    Client client = connect("?token=" + ticket(), Optional.empty());
    String id = pulso.db().connections().find().map(each -> each.getString("_id")).first();
    Eventually.isTrue(SOON, () -> sockets.post(id, "{}") == Delivery.DELIVERED);
    sockets.disconnect(id);
    Eventually.isTrue(SOON, client.closed::isDone);
    assertThat(sockets.post(id, "{}")).isEqualTo(Delivery.GONE);
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments(new Document()) == 0);
  }

  @Test
  void theGatewaysLimitsEndConnections() throws IOException {
    edge.close();
    serve(new SocketLimits(Optional.of(Duration.ofMillis(300)), Optional.empty()));
    Client idle = connect("?token=" + ticket(), Optional.empty());
    Eventually.isTrue(SOON, idle.closed::isDone);
    edge.close();
    serve(new SocketLimits(Optional.empty(), Optional.of(Duration.ofMillis(300))));
    Client old = connect("?token=" + ticket(), Optional.empty());
    Eventually.isTrue(SOON, old.closed::isDone);
  }

  @Test
  void aFailedMessageStopsNoOther() throws IOException {
    edge.close();
    EventSocketHandler function = new EventSocketHandler(pulso);
    serve(
        (event, context) -> {
          if ("fail".equals(event.get("body"))) {
            throw new IllegalStateException("as the test wants it");
          }
          return function.handleRequest(event, context);
        },
        SocketLimits.NONE);
    Client client = connect("?token=" + ticket(), Optional.empty());
    client.send("fail");
    client.send(PING);
    client.awaitMessage(PONG);
    client.socket.abort();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void messagesOfManyClientsWaitForTheirTurn() throws IOException {
    edge.close();
    EventSocketHandler function = new EventSocketHandler(pulso);
    CountDownLatch everybodySent = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    serve(
        (event, context) -> {
          if (PING.equals(event.get("body"))) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            await(everybodySent);
            running.decrementAndGet();
          }
          return function.handleRequest(event, context);
        },
        SocketLimits.NONE);
    List<Client> clients =
        IntStream.range(0, Sockets.INVOCATIONS_AT_ONCE + 8)
            .mapToObj(i -> connect("?token=" + ticket("user-" + i), Optional.empty()))
            .toList();
    clients.forEach(client -> client.send(PING));
    Eventually.isTrue(SOON, () -> most.get() >= Sockets.INVOCATIONS_AT_ONCE);
    everybodySent.countDown();
    clients.forEach(client -> client.awaitMessage(PONG));
    assertThat(most).hasValue(Sockets.INVOCATIONS_AT_ONCE);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Connects as a page of this host, and returns the first line of the answer. */
  private String handshake(String host) throws IOException {
    String request =
        """
        GET /events?token=%s HTTP/1.1
        Host: %s
        Origin: http://%s
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """
            .formatted(ticket(), host, host)
            .replace("\n", "\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
    }
  }

  private String ticket() {
    return pulso.services().tickets().issue(ANA);
  }

  private String ticket(String user) {
    Map<String, String> claims = new HashMap<>(ANA);
    claims.put("sub", user);
    return pulso.services().tickets().issue(claims);
  }

  private void assertRefused(String query, Optional<String> origin) {
    assertThatThrownBy(() -> connect(query, origin))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
  }

  private Client connect(String query, Optional<String> origin) {
    Client client = new Client();
    WebSocket.Builder builder = http.newWebSocketBuilder();
    origin.ifPresent(from -> builder.header("Origin", from));
    URI uri = URI.create("ws://127.0.0.1:" + edge.port() + Sockets.PATH + query);
    client.socket = builder.buildAsync(uri, client).join();
    return client;
  }

  private static final class Client implements WebSocket.Listener {
    final List<String> received = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;

    void send(String text) {
      socket.sendText(text, true).join();
    }

    void awaitMessage(String part) {
      Eventually.isTrue(SOON, () -> received.stream().anyMatch(each -> each.contains(part)));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        received.add(partial.toString());
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(0);
    }
  }
}
