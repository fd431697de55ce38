package dev.pulso;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionCheckedOutEvent;
import com.mongodb.event.ConnectionClosedEvent;
import com.mongodb.event.ConnectionCreatedEvent;
import com.mongodb.event.ConnectionPoolListener;
import com.sun.net.httpserver.HttpServer;
import dev.pulso.access.RateLimiter;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.LiveDb;
import dev.pulso.overview.OverviewCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckpointIT {
  private final PulsoFixture fixture = PulsoFixture.open();
  private final Sockets sockets = new Sockets();
  private final Pulso pulso =
      fixture.another(
          client ->
              unhurried(
                  client.applyToConnectionPoolSettings(p -> p.addConnectionPoolListener(sockets))));
  private final Checkpoint checkpoint = new Checkpoint(pulso);

  @BeforeEach
  void fill() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
  }

  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  @Test
  void noSocketIsOpenInSnapshot() {
    assertThat(pending()).isEqualTo(3);
    assertThat(sockets.open.get()).isPositive();
    awaitWrites();
    checkpoint.beforeCheckpoint(null);
    assertThat(sockets.open.get()).isZero();
    checkpoint.afterRestore(null);
    assertThat(pending()).isEqualTo(3);
  }

  @Test
  void unusedFunctionCanBeFrozen() {
    checkpoint.beforeCheckpoint(null);
    checkpoint.afterRestore(null);
    assertThat(pending()).isEqualTo(3);
  }

  @Test
  void restoreWorksWithoutConnectionString() {
    try (Pulso lost = Pulso.open(Pulso.Options.of(Settings.from(Map.of())))) {
      Checkpoint ofLost = new Checkpoint(lost);
      ofLost.beforeCheckpoint(null);
      assertThatCode(() -> ofLost.afterRestore(null)).doesNotThrowAnyException();
    }
  }

  @Test
  void extensionIsNotCalledBeforeFirstRequest() throws IOException {
    List<String> tokens = new CopyOnWriteArrayList<>();
    HttpServer extension =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    extension.createContext(
        "/",
        request -> {
          tokens.add(request.getRequestHeaders().getFirst("X-Aws-Parameters-Secrets-Token"));
          String uri = fixture.settingsForAnotherProcess().mongoUri().orElseThrow();
          byte[] answer = ("{\"SecretString\":\"" + uri + "\"}").getBytes(UTF_8);
          request.sendResponseHeaders(200, answer.length);
          request.getResponseBody().write(answer);
          request.close();
        });
    extension.start();
    Map<String, String> environment =
        Map.of(
            "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
            String.valueOf(extension.getAddress().getPort()),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "the token");
    Settings settings = Settings.from(Map.of("MONGODB_SECRET_ID", "secret"));
    try (Pulso thawed =
        Pulso.open(Pulso.Options.of(settings).withDatabase(LiveDb.of(settings, environment)))) {
      Checkpoint ofThawed = new Checkpoint(thawed);
      ofThawed.beforeCheckpoint(null);
      ofThawed.afterRestore(null);
      assertThat(tokens).isEmpty();
      assertThat(thawed.db().now()).isNotNull();
      assertThat(tokens).containsExactly("the token");
    } finally {
      extension.stop(0);
    }
  }

  @Test
  void sharedStateReconnectsAfterRestore() {
    Settings settings =
        Settings.from(Map.of("ALLOW_ANONYMOUS", "true", "REDIS_URL", "redis://localhost"));
    List<String> told = new ArrayList<>();
    try (Pulso sharing =
        Pulso.open(Pulso.Options.of(settings).withSharer(s -> new ToldSharing(told)))) {
      new Checkpoint(sharing).beforeCheckpoint(null);
      assertThat(told).containsExactly("made", "warmed up", "closed");
      sharing.pollLimit();
      assertThat(told).containsExactly("made", "warmed up", "closed", "made");
    }
  }

  private record ToldSharing(List<String> told) implements Sharing {
    private ToldSharing {
      told.add("made");
    }

    @Override
    public Optional<RateLimiter> pollLimiter() {
      return Optional.empty();
    }

    @Override
    public OverviewCache overviews() {
      throw new IllegalStateException("nobody looks at an overview here");
    }

    @Override
    public void warmUp() {
      told.add("warmed up");
    }

    @Override
    public void close() {
      told.add("closed");
    }
  }

  /** On a busy server, a poll does not wait for its writes. */
  private void awaitWrites() {
    Document counted = new Document("pulso.due_at", new Document("$exists", true));
    Document total = new Document("total", 3L);
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () ->
            fixture.db().batches().countDocuments(counted) == 1
                && fixture.db().counterSnapshots().countDocuments(total) == 1
                && sockets.used.get() == 0);
  }

  private long pending() {
    return PulsoFixture.poll(pulso, "b").counters().pending();
  }

  private static final class Sockets implements ConnectionPoolListener {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger used = new AtomicInteger();

    @Override
    public void connectionCreated(ConnectionCreatedEvent event) {
      open.incrementAndGet();
    }

    @Override
    public void connectionClosed(ConnectionClosedEvent event) {
      open.decrementAndGet();
    }

    @Override
    public void connectionCheckedOut(ConnectionCheckedOutEvent event) {
      used.incrementAndGet();
    }

    @Override
    public void connectionCheckedIn(ConnectionCheckedInEvent event) {
      used.decrementAndGet();
    }
  }
}
