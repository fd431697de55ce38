package dev.pulso.cancel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelReasonTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void emptyReasonCountsAsNone(String given) {
    assertThat(CancelReason.parse(Optional.of(given))).isEmpty();
    assertThat(CancelReason.parse(Optional.empty())).isEmpty();
  }

  @Test
  void reasonIsTrimmed() {
    assertThat(CancelReason.parse(Optional.of("  de verdad \n"))).contains("de verdad");
  }

  @Test
  void lengthCountsCodePoints() {
    String longest = "😀".repeat(500);
    assertThat(CancelReason.parse(Optional.of(longest))).contains(longest);
    assertThatThrownBy(() -> CancelReason.parse(Optional.of(longest + "x")))
        .isInstanceOf(InvalidReasonException.class)
        .hasMessageContaining("500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\nb", "a\u001bb", "a\u007fb", "a\u009fb"})
  void controlCharactersAreRefused(String given) {
    assertThatThrownBy(() -> CancelReason.parse(Optional.of(given)))
        .isInstanceOf(InvalidReasonException.class);
  }
}
