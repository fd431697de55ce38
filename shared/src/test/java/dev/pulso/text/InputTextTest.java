package dev.pulso.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that no URL brings; the contract's tests have the others. */
class InputTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "\ud83d", "\ude00\ud83d", "a\ud83d b"})
  void emptyAndUnpairedSurrogateAreNoId(String text) {
    assertThat(InputText.isId(text)).isFalse();
  }
}
