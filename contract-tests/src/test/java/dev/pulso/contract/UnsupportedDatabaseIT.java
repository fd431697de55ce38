package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoCommandException;
import com.mongodb.ServerAddress;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Unhurried;
import dev.pulso.local.database.Standalone;
import dev.pulso.mongo.LiveDb;
import dev.pulso.mongo.UnsupportedDatabaseException;
import java.time.Duration;
import java.util.Map;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An unsupported database is reported in the first answer, not as a bare 500. */
class UnsupportedDatabaseIT {
  @Test
  void standaloneServerIsReportedAtOnce() throws Exception {
    try (Standalone server = Standalone.start();
        Pulso pulso = unhurriedOver(server.uri())) {
      Api api = new Api(pulso);
      api.status("b").problem(503, "REPLICA_SET_REQUIRED");
      api.summary("b").problem(503, "REPLICA_SET_REQUIRED");
      api.cancel("b", "basta").problem(503, "REPLICA_SET_REQUIRED");
      api.overview().problem(503, "REPLICA_SET_REQUIRED");
      assertThatThrownBy(() -> pulso.runUpkeep(Duration.ofSeconds(5)))
          .isInstanceOf(UnsupportedDatabaseException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {59, 115, 238, 303, 40324})
  void refusedCommandMeansOtherProduct(int code) {
    BsonDocument refusal =
        BsonDocument.parse("{ok: 0, errmsg: 'no such thing', code: " + code + "}");
    Api api =
        new Api(
            Pulso.open(
                Pulso.Options.of(settings("mongodb://127.0.0.1:1"))
                    .withDatabase(
                        LiveDb.openedBy(
                            () -> {
                              throw new MongoCommandException(refusal, new ServerAddress());
                            }))));
    api.status("b").problem(503, "DATABASE_UNSUPPORTED");
  }

  private static Pulso unhurriedOver(String uri) {
    Settings settings = settings(uri);
    return Pulso.open(
        Pulso.Options.of(settings).withDatabase(LiveDb.of(settings, Unhurried::unhurried)));
  }

  private static Settings settings(String uri) {
    return Settings.from(
        Map.of("ALLOW_ANONYMOUS", "true", "MONGODB_URI", uri, "MONGODB_DATABASE", "unsupported"));
  }
}
