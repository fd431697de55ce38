package dev.pulso.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputTextTest {
  private static final String EMOJI = "😀";

  @ParameterizedTest
  @ValueSource(strings = {"a", "$where", "ñ 日本", "\u00a0a", EMOJI})
  void anyScriptIsAnId(String text) {
    assertThat(InputText.isId(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u00a0", "a\u0000", "a\n", "\u001ba", "a\u007f", "\u009fa"})
  void blankAndControlCharactersAreNoId(String text) {
    assertThat(InputText.isId(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00\ud83d", "a\ud83d b"})
  void unpairedSurrogateIsNoId(String text) {
    assertThat(InputText.isId(text)).isFalse();
  }

  @Test
  void lengthCountsCodePoints() {
    assertThat(InputText.isId(EMOJI.repeat(InputText.LONGEST_ID))).isTrue();
    assertThat(InputText.isId(EMOJI.repeat(InputText.LONGEST_ID) + "a")).isFalse();
  }

  @Test
  void whiteSpaceOfUnicodeIsTrimmed() {
    assertThat(InputText.trimmed("\u00a0\u2003a b\u0085\t")).isEqualTo("a b");
  }
}
