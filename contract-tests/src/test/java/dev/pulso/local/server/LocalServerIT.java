package dev.pulso.local.server;

import static dev.pulso.fixture.Unhurried.unhurried;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LocalServerIT {
  @Test
  void startOutlastsStallOfDatabase() throws Exception {
    try (Relay relay = Relay.toMongo();
        Pulso pulso = Pulso.open(Pulso.Options.of(settings(relay.port())))) {
      relay.cut(false);
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      Steps steps = new Steps(new PrintStream(printed, true));
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

  private static Settings settings(int port) {
    return Settings.from(
        Map.of(
            "MONGODB_URI",
            "mongodb://127.0.0.1:" + port + "/?directConnection=true",
            "MONGODB_DATABASE",
            "start_" + port));
  }
}
