package dev.pulso.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  private static final String TAG = "\"abc\"";

  @ParameterizedTest
  @ValueSource(
      strings = {"\"abc\"", "W/\"abc\"", "*", " * ", "\"x\", \"abc\"", "\"x,y\",W/\"abc\" , \"z\""})
  void matchingHeadersAreRecognized(String ifNoneMatch) {
    assertThat(EntityTag.isNamed(TAG, ifNoneMatch)).isTrue();
    assertThat(EntityTag.isNamed("W/\"abc\"", ifNoneMatch)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "\"ABC\"", "\"ab\"", "\"x\", \"y\"", "\"*\"", "\"abc", "\"x,abc\""})
  void otherHeadersDoNotMatch(String ifNoneMatch) {
    assertThat(EntityTag.isNamed(TAG, ifNoneMatch)).isFalse();
  }

  @Test
  void tagsDifferByText() {
    assertThat(EntityTag.ofAll("{\"a\":1}")).isEqualTo(EntityTag.ofAll("{\"a\":1}"));
    assertThat(EntityTag.ofAll("{\"a\":1}")).isNotEqualTo(EntityTag.ofAll("{\"a\":2}"));
    assertThat(EntityTag.ofAll("x")).matches("\"[0-9a-f]+\"");
    assertThat(EntityTag.ofWhatMatters("x")).matches("W/\"[0-9a-f]+\"");
  }
}
