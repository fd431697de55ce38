package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.Sharing;
import dev.pulso.config.MissingConnectionException;
import dev.pulso.local.database.MongoServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A function with an invalid setting answers with a problem, not a bare 500. */
class BadSettingIT {
  @ParameterizedTest
  @CsvSource({
    "MONGODB_DATABASE, my.pulso",
    "BATCHES_COLLECTION, $batches",
    "DASHBOARD_TIMEZONE, Mars/Olympus",
    "ALLOW_ANONYMOUS, yes"
  })
  void requestsAreAnswered503(String name, String value) {
    Map<String, String> environment =
        Map.of("MONGODB_URI", MongoServer.forTests().uri(), name, value);
    Map<String, String> claims =
        Map.of("sub", "somebody", "scope", "pulso:all-accounts pulso:read");
    try (Pulso pulso = ColdStart.pulso(environment, Sharing::inProcess)) {
      Api api = new Api(pulso, claims);
      Reply reply = api.status("b").problem(503, "DATABASE_UNAVAILABLE");
      assertThat(reply.body()).doesNotContain(name, value);
      api.overview().problem(503, "DATABASE_UNAVAILABLE");
      new Api(pulso).status("b").problem(401, "UNAUTHENTICATED");
      assertThatThrownBy(() -> pulso.runUpkeep(Duration.ofSeconds(5)))
          .isInstanceOf(MissingConnectionException.class);
    }
  }
}
