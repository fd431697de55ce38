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
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Real WebSocket connections to the function behind the edge. */
@Order(2)
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

  private ServedSockets served;

  @BeforeEach
  void serve() throws IOException {
    serve(new EventSocketHandler(pulso), SocketLimits.NONE);
  }

  private void serve(
      RequestHandler<Map<String, Object>, Map<String, Object>> function, SocketLimits limits)
      throws IOException {
    served = new ServedSockets(function, limits);
  }

  @AfterEach
  void close() {
    served.close();
    pulso.db().database().drop();
    pulso.close();
  }

  @Test
  void aTicketConnectsOnceAndIsAnswered() {
    String ticket = ticket();
    SocketClient client = connect("?token=" + ticket, Optional.empty());
    client.send(PING);
    client.awaitMessage(SOON, PONG);
    client.send("no JSON");
    client.awaitMessage(SOON, "\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    Eventually.isTrue(SOON, () -> client.received().size() == 3);
    assertRefused("?token=" + ticket, Optional.empty());
  }

  @Test
  void aBinaryMessageGetsAnError() {
    SocketClient client = connect("?token=" + ticket(), Optional.empty());
    client.sendBinary(PING);
    client.awaitMessage(SOON, "\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    client.awaitMessage(SOON, PONG);
  }

  @Test
  void anErrorNamesItsSubscription() {
    SocketClient client = connect("?token=" + ticket(), Optional.empty());
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"none\"}");
    client.awaitMessage(
        SOON, "{\"type\":\"error\",\"batch_id\":\"none\",\"code\":\"BATCH_NOT_FOUND\"");
    client.send("{\"action\":\"subscribe\",\"overview\":true,\"account_id\":\"acc-peru\"}");
    client.awaitMessage(
        SOON,
        "{\"type\":\"error\",\"overview\":true,\"account_id\":\"acc-peru\","
            + "\"code\":\"ACCOUNT_FORBIDDEN\"");
    pulso.db().connections().deleteMany(new Document());
    client.send("{\"action\":\"subscribe\",\"batches\":true}");
    client.awaitMessage(
        SOON,
        "{\"type\":\"error\",\"batches\":true,\"account_id\":null,\"code\":\"UNAUTHENTICATED\"");
  }

  @Test
  void nobodyConnectsWithoutATicketOrFromAnotherOrigin() {
    assertRefused("", Optional.empty());
    assertRefused("?token=", Optional.empty());
    assertRefused("?token=eyJhbGciOiJub25lIn0.e30.", Optional.empty());
    assertRefused("?token=" + ticket(), Optional.of("https://evil.example.com"));
    connect("?token=" + ticket(), Optional.of("https://other.example.com"));
    connect("?token=" + ticket(), Optional.of("http://127.0.0.1:" + served.port()));
  }

  @Test
  void onlyNamesOfThisMachineAreItsOwnPages() throws IOException {
    for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
      assertThat(handshake(host + ":" + served.port())).as(host).contains(" 101 ");
    }
    // Whoever owns this name makes it lead to 127.0.0.1 once the page is loaded.
    assertThat(handshake("rebound.example.com:" + served.port())).contains(" 403 ");
    assertThat(handshake("localhost.example.com:" + served.port())).contains(" 403 ");
  }

  @Test
  void aTicketThatIsNoTextIsABadRequest() throws IOException {
    for (String ticket : List.of("%zz", "%", "%ff")) {
      try (RawSocketClient client = new RawSocketClient(served.port())) {
        assertThat(client.connect(ticket, "localhost:" + served.port()))
            .as(ticket)
            .contains(" 400 ");
      }
    }
  }

  @Test
  void aSubscriberIsToldTheState() throws InterruptedException {
    pulso.db().batches().insertOne(Builders.batch("b1"));
    pulso.db().jobs().insertMany(Builders.jobs(2, "b1", "pending"));
    SocketClient client = connect("?token=" + ticket(), Optional.empty());
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"b1\"}");
    Thread pusher = Thread.ofPlatform().start(() -> pulso.push(served.sockets(), SOON));
    client.awaitMessage(SOON, "\"total_jobs\":2");
    client.abort();
    pusher.join();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void aConnectionThatHasEndedIsGone() {
    assertThat(served.sockets().post("nobody", "{}")).isEqualTo(Delivery.GONE);
    SocketClient client = connect("?token=" + ticket(), Optional.empty());
    String id = pulso.db().connections().find().map(each -> each.getString("_id")).first();
    Eventually.isTrue(SOON, () -> served.sockets().post(id, "{}") == Delivery.DELIVERED);
    served.sockets().disconnect(id);
    Eventually.isTrue(SOON, client.closed()::isDone);
    assertThat(served.sockets().post(id, "{}")).isEqualTo(Delivery.GONE);
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments(new Document()) == 0);
  }

  @Test
  void theGatewaysLimitsEndConnections() throws IOException {
    served.close();
    serve(
        new EventSocketHandler(pulso),
        new SocketLimits(Optional.of(Duration.ofMillis(300)), Optional.empty()));
    SocketClient idle = connect("?token=" + ticket(), Optional.empty());
    Eventually.isTrue(SOON, idle.closed()::isDone);
    served.close();
    serve(
        new EventSocketHandler(pulso),
        new SocketLimits(Optional.empty(), Optional.of(Duration.ofMillis(300))));
    SocketClient old = connect("?token=" + ticket(), Optional.empty());
    Eventually.isTrue(SOON, old.closed()::isDone);
  }

  @Test
  void aFailedMessageStopsNoOther() throws IOException {
    served.close();
    EventSocketHandler function = new EventSocketHandler(pulso);
    serve(
        (event, context) -> {
          if ("fail".equals(event.get("body"))) {
            throw new IllegalStateException("as the test wants it");
          }
          return function.handleRequest(event, context);
        },
        SocketLimits.NONE);
    SocketClient client = connect("?token=" + ticket(), Optional.empty());
    client.send("fail");
    client.awaitMessage(SOON, "{\"message\":\"Internal server error\",\"connectionId\":\"");
    client.send(PING);
    client.awaitMessage(SOON, PONG);
    client.abort();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void messagesOfManyClientsWaitForTheirTurn() throws IOException {
    served.close();
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
    List<SocketClient> clients =
        IntStream.range(0, Sockets.INVOCATIONS_AT_ONCE + 8)
            .mapToObj(i -> connect("?token=" + ticket("user-" + i), Optional.empty()))
            .toList();
    clients.forEach(client -> client.send(PING));
    Eventually.isTrue(SOON, () -> most.get() >= Sockets.INVOCATIONS_AT_ONCE);
    everybodySent.countDown();
    clients.forEach(client -> client.awaitMessage(SOON, PONG));
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
    try (RawSocketClient client = new RawSocketClient(served.port())) {
      return client.connect(ticket(), host);
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

  private SocketClient connect(String query, Optional<String> origin) {
    return SocketClient.connect(served.port(), query, origin);
  }
}
