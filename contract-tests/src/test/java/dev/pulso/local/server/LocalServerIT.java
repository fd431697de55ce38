package dev.pulso.local.server;

import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.GuardedServer;
import dev.pulso.local.database.Relay;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LocalServerIT {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Steps steps = new Steps(new PrintStream(printed, true));

  @Test
  void startOutlastsStallOfDatabase() throws Exception {
    try (Relay relay = Relay.toMongo();
        Pulso pulso = Pulso.open(Pulso.Options.of(settings("127.0.0.1:" + relay.port())))) {
      relay.cut(false);
      CompletableFuture<List<String>> made =
          CompletableFuture.supplyAsync(
              () -> LocalServer.makeIndexes(pulso, steps), Thread::startVirtualThread);
      Eventually.isTrue(
          Duration.ofSeconds(60), () -> printed.toString().contains("again") || made.isDone());
      relay.mend();
      assertThat(made.get()).isNotEmpty();
      unhurried(pulso.db().database()).drop();
    }
  }

  @Test
  void databaseThatRequiresPasswordIsAskedOnce() {
    String hosts = GuardedServer.forTests().hosts();
    try (Pulso pulso = Pulso.open(Pulso.Options.of(settings(hosts)))) {
      assertThatThrownBy(() -> LocalServer.makeIndexes(pulso, steps))
          .isInstanceOf(MongoException.class);
      assertThat(printed.toString()).isEmpty();
    }
  }

  private static Settings settings(String host) {
    return Settings.from(
        Map.of(
            "MONGODB_URI",
            "mongodb://" + host + "/?directConnection=true",
            "MONGODB_DATABASE",
            "start_" + host.replaceAll("\\W", "_")));
  }
}
