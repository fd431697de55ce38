package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which reasons a cancel accepts, and how the URL is decoded. */
class CancelReasonIT {
  @AutoClose
  private static final ContractDatabase database = ContractDatabase.openBare(java.util.Map.of());

  @ParameterizedTest
  @ValueSource(strings = {"x", "停止", "توقف", "👩‍👩‍👧‍👦 basta", "a,b&c=d+e%f", "tilde ñ Ñ"})
  void anyScriptIsAccepted(String reason) {
    assertThat(cancel(reason).ok().at("reason")).isEqualTo(reason);
  }

  @Test
  void reasonHasAtMost500Characters() {
    assertThat(cancel("é".repeat(500)).ok().at("reason")).isEqualTo("é".repeat(500));
    assertThat(cancel("📞".repeat(500)).ok().at("reason")).isEqualTo("📞".repeat(500));
    cancel("é".repeat(501)).problem(400, "INVALID_REASON");
    assertThat(cancel("📞".repeat(501)).problem(400, "INVALID_REASON").at("detail"))
        .asString()
        .contains("500");
  }

  @Test
  void whiteSpaceOfUnicodeIsTrimmed() {
    String around =
        "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2007\u200a\u2028\u2029\u202f\u205f\u3000";
    assertThat(cancel(around + "ya\u00a0está" + around).ok().at("reason"))
        .isEqualTo("ya\u00a0está");
    assertThat(cancel(around).ok().at("reason")).isNull();
    assertThat(cancel(around + "é".repeat(500) + around).ok().at("reason"))
        .isEqualTo("é".repeat(500));
    assertThat(cancel("\ufeff\u200bya").ok().at("reason")).isEqualTo("\ufeff\u200bya");
  }

  @Test
  void lengthCountsAfterTrimming() {
    assertThat(cancel(" \t" + "a".repeat(500) + "  \n").ok().at("reason"))
        .isEqualTo("a".repeat(500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\tb",
        "a\u0000b",
        "a\u001bb",
        "a\u007fb",
        "a\u009fb",
        "a\u0085b",
        "\u0000",
        "\u001fa",
        "a\u001c"
      })
  void controlCharactersAreBadRequest(String reason) {
    String id = database.batch();
    database.api().cancel(id, reason).problem(400, "INVALID_REASON");
    assertThat(database.stored(id)).containsEntry("is_active", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "reason", "reason=", "reason=+++", "reason=%20%09", "other=x", "&"})
  void emptyReasonCountsAsNone(String query) {
    assertThat(withQuery(query).ok().at("reason")).isNull();
  }

  @Test
  void plusAndPercentAreDecoded() {
    assertThat(withQuery("reason=se+acab%C3%B3%2B1%26%3D").ok().at("reason"))
        .isEqualTo("se acabó+1&=");
    assertThat(withQuery("re%61son=x").ok().at("reason")).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"reason=%", "reason=%4", "reason=%zz", "reason=%C3", "reason=%FF", "x=%zz", "%G1"})
  void malformedEncodingIsBadRequest(String query) {
    String id = database.batch();
    database.api().cancelWithQuery(id, query).problem(400, "MALFORMED_REQUEST");
    assertThat(database.stored(id)).doesNotContainKey("cancelled_at");
  }

  @Test
  void repeatedReasonIsBadRequest() {
    withQuery("reason=a&reason=b").problem(400, "REPEATED_PARAMETER");
    assertThat(withQuery("reason=a,b").ok().at("reason")).isEqualTo("a,b");
  }

  private static Reply cancel(String reason) {
    return database.api().cancel(database.batch(), reason);
  }

  private static Reply withQuery(String query) {
    return database.api().cancelWithQuery(database.batch(), query);
  }
}
