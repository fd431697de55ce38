package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.MongoServer;
import dev.pulso.local.database.Relay;
import dev.pulso.mongo.ServerErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database becomes unavailable, in two ways, and returns. */
class DatabaseAwayIT {
  private static final Duration PROMISED = Duration.ofSeconds(5);

  /** What is promised, and a stalled machine. */
  private static final Duration BACK = Duration.ofSeconds(15);

  private static final List<Function<Api, Reply>> ENDPOINTS =
      List.of(
          api -> api.status("b"),
          api -> api.summary("b"),
          Api::list,
          api -> api.details("b"),
          api -> api.cancel("b", "basta"),
          Api::overview,
          Api::accounts);

  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void everyEndpointRecoversFromOutage(boolean silent) throws IOException {
    try (Relay relay = Relay.toMongo();
        Pulso pulso = Pulso.open(Pulso.Options.of(settings(relay.port())))) {
      Api api = new Api(pulso);
      directly(pulso, database -> database.getCollection("batches").insertOne(batch("b")));
      answered(api, ENDPOINTS.getFirst());
      relay.cut(silent);
      allAtOnce(
          endpoint ->
              inTime(
                  () -> {
                    Reply reply = endpoint.apply(api).problem(503, "DATABASE_UNAVAILABLE");
                    assertThat(Integer.parseInt(reply.headers().get("Retry-After")))
                        .isBetween(1, 60);
                  }));
      relay.mend();
      ENDPOINTS.forEach(endpoint -> answered(api, endpoint));
      directly(pulso, MongoDatabase::drop);
    }
  }

  /** Changes the database beside the relay, and without the limits of Pulso. */
  private static void directly(Pulso pulso, Consumer<MongoDatabase> change) {
    try (MongoClient client = MongoClients.create(MongoServer.forTests().uri())) {
      change.accept(client.getDatabase(pulso.settings().database()));
    }
  }

  private static void answered(Api api, Function<Api, Reply> endpoint) {
    Eventually.answer(BACK, () -> endpoint.apply(api), reply -> reply.status() == 200).ok();
  }

  private static void allAtOnce(Consumer<Function<Api, Reply>> check) {
    CompletableFuture.allOf(
            ENDPOINTS.stream()
                .map(
                    endpoint ->
                        CompletableFuture.runAsync(
                            () -> check.accept(endpoint), Thread::startVirtualThread))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  /** Acts until it is done in time: a machine that stalls makes a single answer late. */
  private static void inTime(Runnable act) {
    Eventually.isTrue(
        BACK,
        () -> {
          long start = System.nanoTime();
          act.run();
          return Duration.ofNanos(System.nanoTime() - start).compareTo(PROMISED) < 0;
        });
  }

  @Test
  void upkeepFailsFastAndRecovers() throws IOException {
    try (Relay relay = Relay.toMongo();
        Pulso pulso = Pulso.open(Pulso.Options.of(settings(relay.port())))) {
      relay.cut(false);
      inTime(
          () ->
              assertThatThrownBy(() -> pulso.runUpkeep(Duration.ofSeconds(30)))
                  .isInstanceOf(MongoException.class));
      relay.mend();
      Supplier<Boolean> run =
          () -> !pulso.runUpkeep(Duration.ofSeconds(30)).indexesMade().isEmpty();
      Eventually.isTrue(BACK, () -> ServerErrors.inTime(run, false));
      directly(pulso, MongoDatabase::drop);
    }
  }

  private static Settings settings(int port) {
    return Settings.from(
        Map.of(
            "ALLOW_ANONYMOUS",
            "true",
            "MONGODB_URI",
            "mongodb://127.0.0.1:" + port + "/?directConnection=true",
            "MONGODB_DATABASE",
            "away_" + Long.toHexString(System.nanoTime())));
  }
}
