package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.push.Subscription.Kind;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Connections begin and end, beside pushers that do. */
class PushedConnectionsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration TICKS = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofMinutes(5);

  @AutoClose private final PushWorld world = new PushWorld();
  private final FakeClients clients = world.clients;

  @Test
  void aClientThatTakesNothingIsDroppedAndForgotten() {
    world.upload("b1", 1);
    world.connect("c1");
    world.subscribe("c1", "b1");
    clients.refuseWhen(() -> true);
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.isDisconnected("c1"));
    Eventually.isTrue(SOON, () -> world.fixture.db().connections().countDocuments() == 0);
  }

  @Test
  void aClientThatTheGatewayDoesNotEndIsNotForgotten() {
    AtomicInteger tries = new AtomicInteger();
    clients.endWhen(() -> tries.incrementAndGet() > 2);
    world.connect("c1");
    endToken("c1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.isDisconnected("c1"));
    Eventually.isTrue(SOON, () -> countOf(new Document()) == 0);
  }

  @Test
  void aConnectionThatIsGoneIsForgotten() {
    world.upload("b1", 1);
    world.connect("c1");
    world.subscribe("c1", "b1");
    clients.leave("c1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> world.fixture.db().connections().countDocuments() == 0);
  }

  @Test
  void eachGatewayHasItsOwnPusher() throws InterruptedException {
    world.upload("b1", 3);
    world.connect("c1");
    world.subscribe("c1", "b1");
    FakeClients laptop = new FakeClients("run laptop:8000 ");
    laptop.connect("run laptop:8000 c2");
    world.service().admit("run laptop:8000 c2", Optional.empty());
    world.subscribe("run laptop:8000 c2", "b1");
    Thread first = world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.status"));
    world.push(laptop, LONG);
    Eventually.isTrue(
        SOON, () -> !laptop.last("run laptop:8000 c2", "batch.status", "b1").isEmpty());
    world.pause("b1");
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.paused"));
    Eventually.isTrue(
        SOON, () -> !laptop.last("run laptop:8000 c2", "batch.paused", "b1").isEmpty());
    assertThat(countOf(new Document())).isEqualTo(2);
    first.interrupt();
    first.join();
  }

  @Test
  void aHeartbeatComesAfterFourSilentMinutes() throws InterruptedException {
    world.connect("c1");
    world.pushUntil(TICKS, () -> handovers() == 1);
    letPass(Duration.ofMinutes(3));
    world.push(TICKS).join();
    assertThat(clients.of("c1")).isEmpty();
    letPass(Duration.ofMinutes(2));
    world.pushUntil(TICKS, () -> !clients.of("c1").isEmpty());
    assertThat(clients.types("c1")).containsExactly("heartbeat");
    letPass(Duration.ofMinutes(2));
    world.push(TICKS).join();
    assertThat(clients.types("c1")).containsExactly("heartbeat");
  }

  @Test
  void aRefusedListIsHandedOver() throws InterruptedException {
    clients.connect("c1");
    Connections connections = new Connections(world.fixture.db());
    connections.open("c1", Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-peru"));
    connections.subscribe("c1", Kind.LIST, Optional.of("acc-chile"), Optional.empty());
    world.pushUntil(
        TICKS, () -> clients.types("c1").contains("error") && countOf(eq("news", true)) == 0);
    int told = clients.of("c1").size();
    world.push(TICKS).join();
    assertThat(clients.of("c1")).hasSize(told);
  }

  /** To the next pusher, that time seems to have passed since the last one. */
  private void letPass(Duration time) {
    world
        .fixture
        .db()
        .progress()
        .updateMany(exists("handover.told"), inc("handover.told.$[].age_ms", time.toMillis()));
  }

  /** The number of those that tell of a client. */
  private long handovers() {
    return world.fixture.db().progress().countDocuments(exists("handover.told.0"));
  }

  @Test
  void connectionsOfADeadProcessAreForgotten() throws InterruptedException {
    world.connect("dead");
    world.connect("alive");
    Thread killed = world.push(LONG);
    Eventually.isTrue(SOON, () -> countOf(eq("news", true)) == 0);
    killed.interrupt();
    killed.join();
    clients.leave("dead");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> countOf(eq("_id", "dead")) == 0);
    assertThat(countOf(eq("_id", "alive"))).isEqualTo(1);
  }

  @Test
  void aDisplacedConnectionIsToldAndEnded() {
    for (int i = 0; i < 11; i++) {
      clients.connect("c" + i);
      new Connections(world.fixture.db())
          .open("c" + i, Map.of("sub", "ana", "scope", "pulso:read"));
    }
    world.push(LONG);
    Eventually.isTrue(SOON, () -> countOf(new Document()) == 10);
    List<String> ended =
        IntStream.range(0, 11).mapToObj(i -> "c" + i).filter(clients::isDisconnected).toList();
    assertThat(ended).hasSize(1);
    assertThat(countOf(eq("_id", ended.getFirst()))).isZero();
    assertThat(clients.ofDisconnected(ended.getFirst()))
        .last()
        .satisfies(last -> assertThat(last.text()).contains("TOO_MANY_CONNECTIONS"));
  }

  @Test
  void rightsOfATokenEndWithIt() {
    world.connect("c1");
    endToken("c1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.isDisconnected("c1"));
  }

  private void endToken(String id) {
    Bson ended = set("authorized_until", new Date(0));
    world.fixture.db().connections().updateOne(eq("_id", id), ended);
  }

  private long countOf(Bson connections) {
    return world.fixture.db().connections().countDocuments(connections);
  }
}
