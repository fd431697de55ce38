package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that sends faster than it is answered. */
class SocketFloodTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Map<String, Object> ALLOWED =
      Map.of("policyDocument", Map.of("Statement", List.of(Map.of("Effect", "Allow"))));

  /** More than all buffers of both sockets hold. */
  private static final int MOST_BYTES = 48 << 20;

  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  /** Holds up each message but pings. */
  private Map<String, Object> answer(Map<String, Object> event) {
    if (event.get("body") instanceof String body && body.startsWith("flood")) {
      begun.incrementAndGet();
      try {
        mayAnswer.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      answered.incrementAndGet();
    }
    return event.containsKey("body") ? Map.of("body", "answer") : ALLOWED;
  }

  @Test
  void aFloodWaitsAtItsClient() throws IOException {
    try (ServedSockets served =
            new ServedSockets((event, context) -> answer(event), SocketLimits.NONE);
        FloodingClient flood = new FloodingClient(served.port())) {
      int sent = flood.sendUntilFull("flood", MOST_BYTES);
      assertThat(flood.isFull()).as("the server stopped reading after %d messages", sent).isTrue();
      assertThat(begun).hasValue(1);

      SocketClient other = SocketClient.connect(served.port(), "", Optional.empty());
      other.send("ping");
      other.awaitMessage(SOON, "answer");

      mayAnswer.countDown();
      Eventually.isTrue(SOON, () -> answered.get() >= sent - 1);
    }
  }
}
