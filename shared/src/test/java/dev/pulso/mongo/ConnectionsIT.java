package dev.pulso.mongo;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.event.ServerHeartbeatSucceededEvent;
import com.mongodb.event.ServerMonitorListener;
import dev.pulso.Pulso;
import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.local.database.Relay;
import dev.pulso.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many connections an execution environment holds, and what it does with dead ones. */
class ConnectionsIT {
  private static final BatchAddress B = new BatchAddress("b");

  /** More than a cancel changes by one update. */
  private static final int MANY = 4_100;

  private final PulsoFixture fixture = PulsoFixture.open();
  private final String name = "copy-" + UUID.randomUUID();

  @BeforeEach
  void fill() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void pollTakesOneConnectionAndOneMonitor() throws InterruptedException {
    // A recount on a busy server may take another connection for a write that is slow.
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          pending(fixture.pulso());
          return fixture.preventRecounts() == 1;
        });
    Heartbeats heartbeats = new Heartbeats();
    try (Pulso copy = copy(uri(), heartbeats::listenOften)) {
      for (int i = 0; i < 5; i++) {
        assertThat(pending(copy)).isEqualTo(3);
      }
      assertThat(heartbeats.severalSeen()).isTrue();
      assertThat(heartbeats.streamed).as("a stream takes one connection more").isFalse();
      assertThat(connections()).isEqualTo(2);
    }
  }

  @Test
  void cancelKeepsWithinPoolOfTwo() {
    fixture.jobs(jobs(MANY, "b", "scheduled"));
    try (Pulso copy = copy(uri(), client -> {})) {
      assertThat(cancel(copy)).isInstanceOf(CancelOutcome.Cancelled.class);
      assertThat(connections()).isLessThanOrEqualTo(3);
    }
    assertThat(fixture.db().jobs().countDocuments(Filters.eq("status", "cancelled")))
        .isEqualTo(MANY + 3);
  }

  @Test
  void firstRequestAfterClosedSocketsIsAnswered() throws IOException {
    try (Relay relay = Relay.toMongo();
        Pulso copy = copy(through(relay), client -> {})) {
      assertThat(pending(copy)).isEqualTo(3);
      relay.cut(false);
      relay.mend();
      assertThat(pending(copy)).isEqualTo(3);
      relay.cut(false);
      relay.mend();
      assertThat(cancel(copy)).isInstanceOf(CancelOutcome.Cancelled.class);
      relay.cut(false);
      relay.mend();
      copy.runUpkeep(Duration.ofSeconds(20));
    }
  }

  @Test
  void firstRequestAfterForgottenSocketsIsAnswered() throws IOException {
    try (Relay relay = Relay.toMongo();
        Pulso copy = copy(through(relay), ConnectionsIT::idleSoon)) {
      assertThat(pending(copy)).isEqualTo(3);
      long asked = System.currentTimeMillis();
      relay.forgetConnections();
      while (System.currentTimeMillis() - asked < 2) {
        Thread.onSpinWait();
      }
      assertThat(pending(copy)).isEqualTo(3);
    }
  }

  private static final class Heartbeats implements ServerMonitorListener {
    private final CountDownLatch several = new CountDownLatch(3);
    private volatile boolean streamed;

    void listenOften(MongoClientSettings.Builder client) {
      client.applyToServerSettings(
          s -> s.heartbeatFrequency(250, TimeUnit.MILLISECONDS).addServerMonitorListener(this));
    }

    boolean severalSeen() throws InterruptedException {
      return several.await(30, TimeUnit.SECONDS);
    }

    @Override
    public void serverHeartbeatSucceeded(ServerHeartbeatSucceededEvent event) {
      streamed |= event.isAwaited();
      several.countDown();
    }
  }

  /** Makes a millisecond of a minute; leaves a time that has no end as it is. */
  private static void idleSoon(MongoClientSettings.Builder client) {
    long idle =
        client.build().getConnectionPoolSettings().getMaxConnectionIdleTime(TimeUnit.MILLISECONDS);
    client.applyToConnectionPoolSettings(
        p -> p.maxConnectionIdleTime(idle / 60_000, TimeUnit.MILLISECONDS));
  }

  /** Opens Pulso like a function, with a pool of two. */
  private Pulso copy(String uri, Consumer<MongoClientSettings.Builder> lastWord) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MONGODB_DATABASE", fixture.settingsForAnotherProcess().database());
    environment.put("MONGODB_MAX_POOL_SIZE", "2");
    Settings settings = Settings.from(environment);
    Consumer<MongoClientSettings.Builder> named = client -> client.applicationName(name);
    LiveDb database = LiveDb.openedBy(() -> Db.open(uri, settings, named.andThen(lastWord)));
    return Pulso.open(Pulso.Options.of(settings).withDatabase(database));
  }

  private String uri() {
    return fixture.settingsForAnotherProcess().mongoUri().orElseThrow();
  }

  private static String through(Relay relay) {
    return "mongodb://127.0.0.1:" + relay.port() + "/?directConnection=true&retryReads=false";
  }

  /** Returns how many connections of the copy the server has. */
  private int connections() {
    return fixture
        .db()
        .client()
        .getDatabase("admin")
        .aggregate(
            List.of(
                Document.parse("{$currentOp: {allUsers: true, idleConnections: true}}"),
                Aggregates.match(Filters.eq("appName", name))))
        .into(new ArrayList<>())
        .size();
  }

  private static long pending(Pulso pulso) {
    return pulso.services().status().status(Accounts.ALL, B, soon()).counters().pending();
  }

  private static CancelOutcome cancel(Pulso pulso) {
    return pulso
        .services()
        .cancel()
        .cancel(Caller.ANONYMOUS, B, Optional.empty(), Origin.NONE, soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
