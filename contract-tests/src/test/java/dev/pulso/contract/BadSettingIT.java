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
import org.junit.jupiter.api.Test;
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

  @Test
  void validSettingsStayInForce() {
    Map<String, String> environment =
        Map.of(
            "DASHBOARD_TIMEZONE", "America/Santigo",
            "OVERVIEW_CACHE_SECONDS", "soon",
            "READ_SCOPE", "own:read",
            "ACCOUNTS_CLAIM", "own:accounts",
            "STACK", "pulso-prod",
            "RELEASE", "v2");
    try (Pulso pulso = ColdStart.pulso(environment, Sharing::inProcess)) {
      // The alarm that rolls a deployment back counts errors of its release.
      assertThat(pulso.settings().release()).isEqualTo("v2");
      assertThat(pulso.settings().stack()).isEqualTo("pulso-prod");
      Map<String, String> own =
          Map.of("sub", "somebody", "scope", "own:read", "own:accounts", "[acc-chile-001]");
      new Api(pulso, own).overview("acc-chile-001").problem(503, "DATABASE_UNAVAILABLE");
      new Api(pulso, Map.of("sub", "somebody", "scope", "pulso:read"))
          .status("b")
          .problem(403, "FORBIDDEN");
    }
  }

  @Test
  void anonymousCallersAreAnswered503() {
    Map<String, String> environment =
        Map.of("ALLOW_ANONYMOUS", "true", "DASHBOARD_TIMEZONE", "America/Santigo");
    try (Pulso pulso = ColdStart.pulso(environment, Sharing::inProcess)) {
      new Api(pulso).status("b").problem(503, "DATABASE_UNAVAILABLE");
    }
  }

  @Test
  void missingKeysAreNotTakenForDatabase() {
    Map<String, String> environment =
        Map.of("MONGODB_URI", MongoServer.forTests().uri(), "ALLOW_ANONYMOUS", "true");
    try (Pulso pulso = ColdStart.pulso(environment, Sharing::inProcess)) {
      Reply reply = new Api(pulso).webhook(ContractDatabase.WEBHOOK);
      assertThat(reply.problem(503, "DATABASE_UNAVAILABLE").at("detail"))
          .asString()
          .contains("setting")
          .doesNotContain("database", "WEBHOOK_KEYS");
    }
  }
}
