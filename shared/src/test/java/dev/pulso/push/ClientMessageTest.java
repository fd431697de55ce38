package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.http.BadRequestException;
import dev.pulso.http.Failures;
import dev.pulso.push.ClientMessage.Subscribe;
import dev.pulso.push.Subscription.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
        "{\"action\":\"subscribe\",\"overview\":\"yes\"}",
        "{\"action\":\"subscribe\",\"batches\":true,\"account_id\":123}",
        "{\"action\":5}",
        "{\"action\":\"renew\",\"ticket\":5}",
        "{\"action\":\"ping\",\"action\":\"ping\"}"
      })
  void unknownMessagesAreRefused(String message) {
    assertThatThrownBy(() -> ClientMessage.parse(message))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            e -> assertThat(Failures.problem(e).code()).isEqualTo("INVALID_MESSAGE"));
  }

  @Test
  void aRefusedSubscriptionIsNamedAsItWasSent() {
    String tooLong = "x".repeat(201);
    assertThat(ClientMessage.named("{\"action\":\"subscribe\",\"batch_id\":\"" + tooLong + "\"}"))
        .contains(new Subscribe(Kind.BATCH, Optional.of(tooLong)));
    assertThat(ClientMessage.named("{\"action\":\"unsubscribe\",\"overview\":true}"))
        .contains(new Subscribe(Kind.OVERVIEW, Optional.empty()));
    assertThat(ClientMessage.named("{\"action\":\"dance\",\"batch_id\":\"b\"}")).isEmpty();
    assertThat(ClientMessage.named("{\"action\":\"subscribe\",\"batch_id\":5}")).isEmpty();
  }
}
