package dev.pulso.push;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.push.FakeClients.Received;
import dev.pulso.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PusherIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long SECOND = 1_000_000_000L;
  private static final Duration LONG = Duration.ofMinutes(5);

  @AutoClose private final PushWorld world = new PushWorld();
  private final FakeClients clients = world.clients;
  private final Deadline later = Deadline.in(LONG);

  @Test
  void aSubscriberIsToldTheStateAndEachChangeOfState() {
    world.upload("b1", 3);
    world.connect("c1");
    assertThat(world.send("c1", "{'action':'subscribe','batch_id':'b1'}"))
        .isEqualTo("{\"type\":\"subscribed\",\"batch_id\":\"b1\"}");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.last("c1", "batch.status", "b1").contains(":3,"));
    world.pause("b1");
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.paused"));
    assertThat(clients.last("c1", "batch.paused", "b1")).contains("\"is_active\":false");
    Eventually.isTrue(
        SOON, () -> clients.last("c1", "batch.status", "b1").equals(world.polled("b1")));
    assertThat(clients.of("c1").stream().map(Received::version).toList()).isSorted();
  }

  @Test
  void whoSubscribesAgainIsToldTheStateAgain() {
    world.upload("b1", 3);
    world.pause("b1");
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.status"));
    Eventually.isTrue(
        SOON, () -> clients.last("c1", "batch.status", "b1").equals(world.polled("b1")));
    for (int i = 0; i < 2; i++) {
      int told = clients.of("c1").size();
      world.subscribe("c1", "b1");
      Eventually.isTrue(SOON, () -> clients.of("c1").size() > told);
    }
    int told = clients.of("c1").size();
    world.send("c1", "{'action':'unsubscribe','batch_id':'b1'}");
    world.subscribe("c1", "b1");
    Eventually.isTrue(SOON, () -> clients.of("c1").size() > told);
  }

  @Test
  void jobsThatNobodySignalsAreCountedAndPushed() {
    world.upload("b1", 3);
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> !clients.last("c1", "batch.status", "b1").isEmpty());
    world
        .fixture
        .db()
        .jobs()
        .updateMany(
            eq("batch_id", "b1"), combine(set("status", "done"), set("updated_at", new Date())));
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.completed"));
    Eventually.isTrue(
        SOON, () -> clients.last("c1", "batch.status", "b1").contains("\"completed_jobs\":3"));
  }

  @Test
  void theLastJobsOfAPausedBatchAreCountedToo() {
    world.fixture.batches(batch("b1"));
    world.fixture.jobs(jobs(3, "b1", "in_progress"));
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.pause("b1");
    world.push(LONG);
    Eventually.isTrue(
        SOON, () -> clients.last("c1", "batch.status", "b1").contains("\"total_jobs\":3,"));
    world.fixture.db().jobs().updateMany(eq("batch_id", "b1"), set("status", "done"));
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.completed"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLargeBatchDelaysNoSmallActiveOne(boolean isPaused) {
    world.upload("b1", 3);
    world.upload("b2", 3);
    if (isPaused) {
      world.pause("b2");
    }
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.subscribe("c1", "b2");
    world.push(LONG);
    for (String id : List.of("b1", "b2")) {
      Eventually.isTrue(SOON, () -> clients.last("c1", "batch.status", id).contains(":3,"));
    }
    world
        .fixture
        .db()
        .batches()
        .updateOne(
            eq("batch_id", "b2"),
            Document.parse(
                "{$set: {total_jobs: 3000000, 'pulso.figures.total': {$numberLong: '3000000'},"
                    + " 'pulso.due_at': {$date: '9999-12-31T00:00:00Z'}}}"));
    world.fixture.db().jobs().updateMany(eq("batch_id", "b1"), set("status", "done"));
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.completed"));
  }

  @Test
  void theNextPusherRepeatsNothingThatWasTold() throws InterruptedException {
    world.upload("b1", 3);
    world.connect("c1");
    world.subscribe("c1", "b1");
    world.send("c1", "{'action':'subscribe','overview':true}");
    world.send("c1", "{'action':'subscribe','batches':true,'account_id':'acc-chile-001'}");
    world.pushUntil(
        Duration.ofSeconds(3),
        () ->
            clients.last("c1", "batch.status", "b1").contains(":3,")
                && clients.types("c1").contains("dashboard.overview")
                && clients.last("c1", "batches.changed", "acc-chile-001").contains(":3,"));
    int told = clients.of("c1").size();
    world.push(Duration.ZERO).join();
    world.push(LONG);
    world.connect("c2");
    world.subscribe("c2", "b1");
    Eventually.isTrue(SOON, () -> clients.of("c2").size() == 1);
    assertThat(clients.of("c1").subList(told, clients.of("c1").size()))
        .extracting(Received::type)
        .doesNotContain("batch.status", "batches.changed");
    world.pause("b1");
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.paused"));
    Eventually.isTrue(
        SOON, () -> clients.last("c1", "batches.changed", "acc-chile-001").contains("\"paused\""));
  }

  @Test
  void aBatchOfAnotherAccountIsNoLongerShown() {
    world.upload("b1", 1);
    clients.connect("c1");
    Connections connections = new Connections(world.fixture.db());
    connections.open(
        "c1", Map.of("sub", "ana", "scope", "pulso:read", "account_ids", "acc-chile-001"));
    world.subscribe("c1", "b1");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("batch.status"));
    world.fixture.db().batches().updateOne(eq("batch_id", "b1"), set("account_id", "acc-peru"));
    Eventually.isTrue(SOON, () -> clients.types("c1").contains("error"));
    assertThat(clients.of("c1").getLast().text()).contains("BATCH_NOT_FOUND");
  }

  @Test
  void manyRowsComeInMessagesThatTheGatewayTakes() {
    String text = "é".repeat(400);
    world
        .fixture
        .db()
        .batches()
        .insertMany(
            IntStream.range(0, 150)
                .mapToObj(i -> batch("many" + i).append("description", text))
                .toList());
    world.connect("c1");
    world.send("c1", "{'action':'subscribe','batches':true}");
    world.push(LONG);
    Eventually.isTrue(SOON, () -> clients.of("c1").size() > 1);
    assertThat(clients.of("c1"))
        .allSatisfy(
            each ->
                assertThat(each.text().getBytes(StandardCharsets.UTF_8).length)
                    .isLessThan(128 * 1024));
  }

  @Test
  void aSignalRecountsWatchedBatchesOnly() {
    world.upload("watched", 2);
    world.upload("other", 2);
    world.connect("c1");
    world.subscribe("c1", "watched");
    int recounted = world.fixture.pulso().recountEarly(List.of("watched", "other", "none"), SOON);
    assertThat(recounted).isEqualTo(1);
    assertThat(counted("watched")).isTrue();
    assertThat(counted("other")).isFalse();
  }

  @Test
  void aSignalRightAfterARecountIsFollowed() {
    world.upload("watched", 60);
    world.connect("c1");
    world.subscribe("c1", "watched");
    assertThat(world.polled("watched")).contains("\"completed_jobs\":0,");
    world.fixture.db().jobs().updateOne(eq("batch_id", "watched"), set("status", "done"));
    assertThat(world.fixture.pulso().recountEarly(List.of("watched"), SOON)).isEqualTo(1);
    assertThat(world.polled("watched")).contains("\"completed_jobs\":1,");
  }

  @Test
  void aBusyBatchIsNotRecountedForEachSignal() {
    world.upload("busy", 60);
    world.upload("ending", 2);
    world.connect("c1");
    world.subscribe("c1", "busy");
    world.subscribe("c1", "ending");
    EarlyRecounts signals = world.fixture.pulso().services().earlyRecounts();
    List<String> named = List.of("busy", "ending");
    assertThat(signals.recount(named, later, 0)).isEqualTo(2);
    assertThat(signals.recount(named, later, SECOND / 2)).isZero();
    assertThat(signals.recount(named, later, 3 * SECOND)).isEqualTo(1);
    assertThat(signals.recount(named, later, 6 * SECOND)).isEqualTo(1);
    assertThat(signals.recount(named, later, 11 * SECOND)).isEqualTo(2);
  }

  @Test
  void aBusyPausedBatchIsRecountedForItsSignals() {
    world.upload("paused", 60);
    world.connect("c1");
    world.subscribe("c1", "paused");
    world.pause("paused");
    EarlyRecounts signals = world.fixture.pulso().services().earlyRecounts();
    assertThat(signals.recount(List.of("paused"), later, 0)).isEqualTo(1);
    assertThat(signals.recount(List.of("paused"), later, 2 * SECOND)).isEqualTo(1);
  }

  private boolean counted(String batch) {
    Document found = world.fixture.stored(batch);
    return found.containsKey("pulso");
  }
}
