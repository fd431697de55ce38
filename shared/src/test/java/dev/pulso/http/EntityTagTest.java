package dev.pulso.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
  private static final EntityTag TAG = new EntityTag("\"abc\"");

  @ParameterizedTest
  @ValueSource(
      strings = {"\"abc\"", "W/\"abc\"", "*", " * ", "\"x\", \"abc\"", "\"x,y\",W/\"abc\" , \"z\""})
  void headersThatNameIt(String ifNoneMatch) {
    assertThat(TAG.isNamedBy(ifNoneMatch)).isTrue();
    assertThat(new EntityTag("W/\"abc\"").isNamedBy(ifNoneMatch)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "abc", "\"ABC\"", "\"ab\"", "\"x\", \"y\"", "\"*\"", "\"abc", "\"x,abc\""})
  void headersThatDoNot(String ifNoneMatch) {
    assertThat(TAG.isNamedBy(ifNoneMatch)).isFalse();
  }

  @Test
  void sameTextHasTheSameTagAndAnotherTextAnother() {
    assertThat(EntityTag.ofAll("{\"a\":1}")).isEqualTo(EntityTag.ofAll("{\"a\":1}"));
    assertThat(EntityTag.ofAll("{\"a\":1}")).isNotEqualTo(EntityTag.ofAll("{\"a\":2}"));
    assertThat(EntityTag.ofAll("x").value()).matches("\"[0-9a-f]+\"");
    assertThat(EntityTag.ofWhatMatters("x").value()).matches("W/\"[0-9a-f]+\"");
  }
}
