package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.push.Outbound.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What a connected client is told, and when its connection ends. */
@Order(2)
class SocketsIT extends SocketWorld {
  @Test
  void aBinaryMessageGetsAnError() {
    SocketClient client = connect();
    client.sendBinary(PING);
    client.awaitMessage(SOON, "\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    client.awaitMessage(SOON, PONG);
  }

  @Test
  void anErrorNamesItsSubscription() {
    SocketClient client = connect();
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
  void aSubscriberIsToldTheState() throws InterruptedException {
    pulso.db().batches().insertOne(Builders.batch("b1"));
    pulso.db().jobs().insertMany(Builders.jobs(2, "b1", "pending"));
    SocketClient client = connect();
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"b1\"}");
    Thread pusher = Thread.ofPlatform().start(() -> pulso.push(served.sockets(), SOON));
    client.awaitMessage(SOON, "\"total_jobs\":2");
    client.abort();
    pusher.interrupt();
    pusher.join();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void aConnectionThatHasEndedIsGone() {
    assertThat(served.sockets().post("nobody", "{}")).isEqualTo(Delivery.GONE);
    SocketClient client = connect();
    String id = pulso.db().connections().find().map(each -> each.getString("_id")).first();
    Eventually.isTrue(SOON, () -> served.sockets().post(id, "{}") == Delivery.DELIVERED);
    served.sockets().disconnect(id);
    Eventually.isTrue(SOON, client.closed()::isDone);
    assertThat(served.sockets().post(id, "{}")).isEqualTo(Delivery.GONE);
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments(new Document()) == 0);
  }

  @Test
  void anOldConnectionEnds() throws IOException {
    serveInstead(new EventSocketHandler(pulso), Duration.ofMillis(300));
    SocketClient old = connect();
    Eventually.isTrue(SOON, old.closed()::isDone);
  }

  @Test
  void aFailedMessageStopsNoOther() throws IOException {
    EventSocketHandler function = new EventSocketHandler(pulso);
    serveInstead(
        (event, context) -> {
          if ("fail".equals(event.get("body"))) {
            throw new IllegalStateException("as the test wants it");
          }
          return function.handleRequest(event, context);
        },
        Sockets.LONGEST);
    SocketClient client = connect();
    client.send("fail");
    client.awaitMessage(SOON, "{\"message\":\"Internal server error\",\"connectionId\":\"");
    client.send(PING);
    client.awaitMessage(SOON, PONG);
    client.abort();
    Eventually.isTrue(SOON, () -> pulso.db().connections().countDocuments() == 0);
  }

  @Test
  void messagesOfManyClientsWaitForTheirTurn() throws IOException {
    EventSocketHandler function = new EventSocketHandler(pulso);
    CountDownLatch everybodySent = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    serveInstead(
        (event, context) -> {
          if (PING.equals(event.get("body"))) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Eventually.await(everybodySent);
            running.decrementAndGet();
          }
          return function.handleRequest(event, context);
        },
        Sockets.LONGEST);
    List<SocketClient> clients =
        IntStream.range(0, SocketFunction.INVOCATIONS_AT_ONCE + 8)
            .mapToObj(i -> connect("?token=" + ticket("user-" + i), Optional.empty()))
            .toList();
    clients.forEach(client -> client.send(PING));
    Eventually.isTrue(SOON, () -> most.get() >= SocketFunction.INVOCATIONS_AT_ONCE);
    everybodySent.countDown();
    clients.forEach(client -> client.awaitMessage(SOON, PONG));
    assertThat(most).hasValue(SocketFunction.INVOCATIONS_AT_ONCE);
  }
}
