package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The line of a request that is refused or fails. */
class FailedRequestLinesIT {
  private static final Map<String, String> READER =
      Map.of("sub", "somebody else", "scope", "pulso:read", "account_ids", "[acc-chile-001]");

  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @AutoClose private final ObservedApi api = new ObservedApi(database.options(Map.of()));

  @Test
  void clientErrorsAreCountedWithoutInput() {
    assertThat(api.status("unknown-address")).isEqualTo(404);
    mistake(api.line(), 404, "not_found", "BATCH_NOT_FOUND");
    assertThat(api.status("unknown-address\u0001")).isEqualTo(400);
    mistake(api.line(), 400, "client_error", "INVALID_PATH");
    assertThat(api.overview("note=%zz")).isEqualTo(400);
    mistake(api.line(), 400, "client_error", "MALFORMED_REQUEST");
    assertThat(api.pause("note=<b>", "unknown-address")).isEqualTo(405);
    JsonNode odd = api.line();
    mistake(odd, 405, "client_error", "METHOD_NOT_ALLOWED");
    assertThat(text(odd, "method")).isEqualTo("unknown");
    assertThat(api.overview("account_id=" + ObservedApi.SUBJECT)).isEqualTo(200);
    assertThat(api.line().get("account").isNull()).isTrue();
  }

  private static void mistake(JsonNode line, int status, String outcome, String code) {
    assertThat(line.get("status").intValue()).isEqualTo(status);
    assertThat(text(line, "outcome")).isEqualTo(outcome);
    assertThat(text(line, "code")).isEqualTo(code);
    assertThat(text(line, "level")).isEqualTo("INFO");
    assertThat(line.get("batch").isNull()).isTrue();
    assertThat(line.get("account").isNull()).isTrue();
    assertThat(line.get("client_errors").intValue()).isEqualTo(1);
    assertThat(EmbeddedMetrics.units(line))
        .containsKey("client_errors")
        .doesNotContainKey("errors");
  }

  @Test
  void missingScopeIsLoggedAsDenied() {
    String batch = database.batch();
    assertThat(api.cancel(batch, READER)).isEqualTo(403);
    JsonNode forbidden = api.line();
    assertThat(text(forbidden, "outcome")).isEqualTo("denied");
    assertThat(text(forbidden, "code")).isEqualTo("FORBIDDEN");
    assertThat(text(forbidden, "batch")).isEqualTo(batch);
    assertThat(text(forbidden, "caller")).matches("[0-9a-f]{16}");

    String foreign =
        database.batch(
            batch(ContractDatabase.name("foreign")).append("account_id", "acc-peru-001"));
    assertThat(api.status(foreign, Map.of(), READER)).isEqualTo(404);
    JsonNode unseen = api.line();
    assertThat(text(unseen, "outcome")).isEqualTo("not_found");
    assertThat(unseen.get("batch").isNull()).isTrue();

    try (ObservedApi closed =
        new ObservedApi(database.options(Map.of("ALLOW_ANONYMOUS", "false")))) {
      assertThat(closed.status(batch)).isEqualTo(401);
      JsonNode line = closed.line();
      assertThat(text(line, "outcome")).isEqualTo("denied");
      assertThat(text(line, "code")).isEqualTo("UNAUTHENTICATED");
      assertThat(line.get("database_calls").intValue()).isZero();
    }
  }

  @Test
  void outageIsLoggedAsError() {
    Map<String, String> nowhere =
        Map.of("ALLOW_ANONYMOUS", "true", "MONGODB_URI", "mongodb://ana.perez:tok-en@127.0.0.1:1/");
    try (ObservedApi lost = new ObservedApi(Pulso.Options.of(Settings.from(nowhere)))) {
      assertThat(lost.status("b")).isEqualTo(503);
      JsonNode line = lost.line();
      assertThat(text(line, "level")).isEqualTo("ERROR");
      assertThat(text(line, "outcome")).isEqualTo("unavailable");
      assertThat(text(line, "code")).isEqualTo("DATABASE_UNAVAILABLE");
      assertThat(line.get("errors").intValue()).isEqualTo(1);
      assertThat(EmbeddedMetrics.units(line))
          .containsKey("errors")
          .doesNotContainKey("client_errors");
    }
  }

  private static String text(JsonNode line, String field) {
    return line.get(field).textValue();
  }
}
