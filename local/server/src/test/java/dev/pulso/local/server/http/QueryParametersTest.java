package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pulso.http.BadRequestException;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
  @Test
  void repeatedValuesAreJoinedByCommas() {
    assertThat(EventTranslation.parameters("a=1&b=2&a=3"))
        .containsExactly(entry("a", "1,3"), entry("b", "2"));
  }

  @Test
  void namesAndValuesAreDecoded() {
    assertThat(
            EventTranslation.parameters("reas%C3%B3n=Cliente+solicit%C3%B3%20detenci%C3%B3n%2B1"))
        .containsExactly(entry("reasón", "Cliente solicitó detención+1"));
  }

  @Test
  void missingValueIsEmpty() {
    assertThat(EventTranslation.parameters("a&b=&&=c&d=e=f"))
        .containsExactly(entry("a", ""), entry("b", ""), entry("", "c"), entry("d", "e=f"));
    assertThat(EventTranslation.parameters("")).isEmpty();
  }

  @Test
  void malformedEncodingIsAnError() {
    assertThatThrownBy(() -> EventTranslation.parameters("a=%e1"))
        .isInstanceOf(BadRequestException.class);
    assertThatThrownBy(() -> EventTranslation.parameters("%1=a"))
        .isInstanceOf(BadRequestException.class);
  }
}
