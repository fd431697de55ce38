package dev.pulso.local.server.http;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.currentDate;
import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.functions.socket.EventSocketHandler;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.database.Relay;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connected clients, a pusher, and a database that can be cut off. */
@Order(2)
class PushFaultsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Map<String, String> ANA =
      Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-chile-001");

  private final String database = "faults_" + UUID.randomUUID().toString().replace("-", "");
  private final Pulso direct = open(MongoServer.forTests().uri());
  private Relay relay;
  private Pulso pulso;
  private ServedSockets served;
  private Thread pusher;

  @BeforeEach
  void serve() throws IOException {
    relay = Relay.toMongo();
    pulso = open("mongodb://127.0.0.1:%d/?directConnection=true".formatted(relay.port()));
    served = new ServedSockets(new EventSocketHandler(pulso), Sockets.LONGEST);
    direct.db().batches().insertOne(Builders.batch("b1"));
    unhurried(direct.db().jobs()).insertMany(Builders.jobs(3, "b1", "pending"));
    pusher = Thread.ofPlatform().start(() -> pulso.push(served.sockets(), LONG.multipliedBy(5)));
  }

  private Pulso open(String uri) {
    return SocketWorld.pulso(Map.of("MONGODB_URI", uri, "MONGODB_DATABASE", database));
  }

  @AfterEach
  void close() throws IOException, InterruptedException {
    pusher.interrupt();
    pusher.join();
    served.close();
    pulso.close();
    relay.close();
    unhurried(direct.db().database()).drop();
    direct.close();
  }

  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void theLastMessageIsTheStateAfterAnOutage(boolean silent) throws IOException {
    SocketClient client = connect();
    subscribe(client, "b1");
    client.awaitMessage(SOON, "\"total_jobs\":3");
    relay.cut(silent);
    subscribe(client, "b2");
    client.awaitMessage(
        LONG, "{\"type\":\"error\",\"batch_id\":\"b2\",\"code\":\"DATABASE_UNAVAILABLE\"");
    direct
        .db()
        .jobs()
        .updateMany(
            eq("batch_id", "b1"), combine(set("status", "done"), set("updated_at", new Date())));
    direct.db().batches().insertOne(Builders.batch("b2"));
    relay.mend();
    client.awaitMessage(LONG, "\"batch.completed\"");
    Eventually.isTrue(SOON, () -> isStatus(client.received().getLast()));
    assertThat(client.received().getLast()).contains("\"completed_jobs\":3");
    subscribe(client, "b2");
    client.awaitMessage(SOON, "\"type\":\"batch.status\",\"batch_id\":\"b2\"");
    assertThat(client.closed()).isNotDone();
  }

  private static boolean isStatus(String message) {
    return message.contains("\"type\":\"batch.status\",\"batch_id\":\"b1\"");
  }

  @Test
  void aClientThatReadsNothingIsDroppedAndHurtsNobody() throws IOException {
    unhurried(direct.db().batches())
        .insertMany(IntStream.range(0, 200).mapToObj(i -> Builders.batch("many" + i)).toList());
    try (RawSocketClient deaf = new RawSocketClient(served.port())) {
      assertThat(deaf.connect(ticket(ANA), "localhost:" + served.port())).contains(" 101 ");
      deaf.send("{\"action\":\"subscribe\",\"batches\":true}");
      // It can't read that a busy server refused it.
      Eventually.isTrue(
          SOON, () -> direct.db().connections().countDocuments(exists("subscriptions.0")) == 1);
      SocketClient other = connect();
      subscribe(other, "b1");
      other.awaitMessage(SOON, "\"state\":\"active\"");
      direct.db().batches().updateOne(eq("batch_id", "b1"), set("is_active", false));
      other.awaitMessage(SOON, "\"batch.paused\"");
      changeRowsUntilOneClientIsLeft();
      Eventually.isTrue(SOON, () -> direct.db().connections().countDocuments() == 1);
      direct.db().batches().updateOne(eq("batch_id", "b1"), set("is_active", true));
      other.awaitMessage(SOON, "\"batch.resumed\"");
    }
  }

  /** Changes 200 rows of some 12 KB once a second: what the server keeps of them is soon full. */
  private void changeRowsUntilOneClientIsLeft() {
    long begin = System.nanoTime();
    AtomicInteger rounds = new AtomicInteger();
    Eventually.answer(
        LONG,
        () -> {
          if (System.nanoTime() - begin >= Duration.ofSeconds(rounds.get()).toNanos()) {
            changeRows(rounds.incrementAndGet());
          }
          return served.sockets().count();
        },
        open -> open == 1);
  }

  private void changeRows(int round) {
    String text = round + "\u8a71".repeat(1_900);
    Bson many = regex("batch_id", "^many");
    Bson change =
        combine(set("name", text), set("description", text), currentDate("pulso.acted_at"));
    unhurried(direct.db().batches()).updateMany(many, change);
  }

  @Test
  void aTokenThatEndsEndsItsConnection() {
    SocketClient client = connect();
    subscribe(client, "b1");
    client.awaitMessage(SOON, "\"total_jobs\":3");
    Map<String, String> ended = new HashMap<>(ANA);
    ended.put("exp", "1700000000");
    client.send("{\"action\":\"renew\",\"ticket\":\"" + ticket(ended) + "\"}");
    Eventually.isTrue(SOON, client.closed()::isDone);
    assertThat(client.received()).last().asString().contains("UNAUTHENTICATED");
    Eventually.isTrue(SOON, () -> direct.db().connections().countDocuments() == 0);
  }

  private SocketClient connect() {
    return SocketClient.connect(served.port(), "?token=" + ticket(ANA), Optional.empty());
  }

  private String ticket(Map<String, String> claims) {
    return direct.services().tickets().issue(claims);
  }

  private static void subscribe(SocketClient client, String batch) {
    client.send("{\"action\":\"subscribe\",\"batch_id\":\"" + batch + "\"}");
  }
}
