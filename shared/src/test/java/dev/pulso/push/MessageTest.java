package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.push.Subscription.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {
  private static final Subscription LIST =
      new Subscription(Kind.LIST, Optional.empty(), Optional.empty(), 1);

  @Test
  void noMessageIsLongerThanTheGatewayTakes() {
    String row = '"' + "ñ".repeat(30_000) + '"';
    List<String> messages = Message.ofRows("rows", LIST, 1, List.of(row, row, row));
    assertThat(messages).hasSize(3).allSatisfy(this::fits);
  }

  @Test
  void rowThatIsTooLongIsLeftOut() {
    String row = '"' + "ñ".repeat(60_000) + '"';
    assertThat(Message.ofRows("rows", LIST, 1, List.of("1", row, "2")))
        .singleElement()
        .satisfies(this::fits)
        .asString()
        .contains("[1,2]");
    assertThat(Message.ofRows("rows", LIST, 1, List.of(row)))
        .singleElement()
        .asString()
        .contains("[]");
  }

  private void fits(String message) {
    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(128_000);
  }
}
