package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.http.BadRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"action\":\"dance\"}",
        "{\"action\":\"subscribe\"}",
        "{\"action\":\"subscribe\",\"batch_id\":null}",
        "{\"action\":\"subscribe\",\"batch_id\":\"\"}",
        "{\"action\":\"subscribe\",\"batch_id\":\"a\\u0001\"}",
        "{\"action\":\"subscribe\",\"batch_id\":7}",
        "{\"action\":\"subscribe\",\"batch_id\":\"b\",\"overview\":true}",
        "{\"action\":\"subscribe\",\"overview\":false}",
        "{\"action\":\"subscribe\",\"overview\":true,\"account_id\":{}}",
        "{\"action\":\"renew\"}",
        "{\"action\":\"ping\",\"action\":\"ping\"}"
      })
  void unknownMessagesAreRefused(String message) {
    assertThatThrownBy(() -> ClientMessage.parse(message)).isInstanceOf(BadRequestException.class);
  }
}
