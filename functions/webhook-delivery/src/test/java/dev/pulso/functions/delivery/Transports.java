package dev.pulso.functions.delivery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import okhttp3.Dns;

/** Transports that tests need: with what they may reach, how long they wait, and whom they ask. */
final class Transports {
  static final Map<String, String> HEADERS = Map.of("webhook-id", "msg_a");
  static final Duration SHORT = Duration.ofMillis(400);
  static final HttpTransport LAPTOP = HttpTransport.to(new Targets(true)::allow);
  static final HttpTransport CLOUD = HttpTransport.to(new Targets(false)::allow);

  private Transports() {}

  static HttpTransport limited(Duration limit, Predicate<InetAddress> isAllowed, Dns names) {
    return new HttpTransport(HttpTransport.client(isAllowed).callTimeout(limit).dns(names).build());
  }

  static void assertFails(HttpTransport transport, String url, String reason) {
    assertThatThrownBy(() -> transport.post(url, HEADERS, "{}"))
        .isInstanceOf(Transport.FailedException.class)
        .hasMessage(reason);
  }
}
