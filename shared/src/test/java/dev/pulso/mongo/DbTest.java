package dev.pulso.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DbTest {
  /** A port without a listener; nothing is sent. */
  private static final String URI = "mongodb://user:hunter2@127.0.0.1:1/";

  private static Db open(String uri) {
    return Db.open(uri, Settings.from(Map.of()));
  }

  @Test
  void poolHasItsOwnSizes() {
    assertThatCode(() -> open(URI + "?minPoolSize=10&maxPoolSize=20").close())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", URI + "?maxConnecting=0"})
  void invalidStringIsReportedWithoutShowingIt(String uri) {
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(MissingConnectionException.class)
        .hasNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }
}
