package dev.pulso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.mongodb.event.ServerHeartbeatSucceededEvent;
import com.mongodb.event.ServerMonitorListener;
import dev.pulso.config.Settings;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.LiveDb;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColdStartIT {
  @Test
  void databaseConnectsBeforeFirstRequest() throws InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    ServerMonitorListener listener =
        new ServerMonitorListener() {
          @Override
          public void serverHeartbeatSucceeded(ServerHeartbeatSucceededEvent event) {
            connected.countDown();
          }
        };
    try (PulsoFixture fixture = PulsoFixture.open();
        Pulso pulso =
            fixture.another(
                client ->
                    client.applyToServerSettings(s -> s.addServerMonitorListener(listener)))) {
      ColdStart.prepare(pulso);
      assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MONGODB_URI, not a connection string",
    "MONGODB_SECRET_ID, nobody-gives-it-before-the-first-request",
    "STACK, neither"
  })
  void functionStartsWithoutDatabase(String name, String value) {
    Settings settings = Settings.from(Map.of(name, value));
    LiveDb database = LiveDb.of(settings, Map.of());
    try (Pulso pulso = Pulso.open(Pulso.Options.of(settings).withDatabase(database))) {
      assertThatCode(() -> ColdStart.prepare(pulso)).doesNotThrowAnyException();
    }
  }
}
