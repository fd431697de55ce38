package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that ask for more than can be answered at once. */
class SocketFloodTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Map<String, Object> ALLOWED =
      Map.of("policyDocument", Map.of("Statement", List.of(Map.of("Effect", "Allow"))));

  /** More than all buffers of both sockets hold. */
  private static final int MOST_BYTES = 48 << 20;

  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean areConnectionsHeld;

  /** Holds up each message but pings, and those who connect if that is wanted. */
  private Map<String, Object> answer(Map<String, Object> event) {
    boolean isHeld =
        event.get("body") instanceof String body
            ? body.startsWith("flood")
            : areConnectionsHeld && event.containsKey("methodArn");
    if (isHeld) {
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
            new ServedSockets((event, context) -> answer(event), Sockets.LONGEST);
        FloodingClient flood = new FloodingClient(served.port())) {
      flood.awaitConnection();
      int sent = flood.sendUntilFull("flood", MOST_BYTES);
      assertThat(flood.isFull()).as("the server stopped reading after %d messages", sent).isTrue();
      Eventually.isTrue(SOON, () -> begun.get() > 0);
      assertThat(begun).hasValue(1);

      SocketClient other = SocketClient.connect(served.port(), "", Optional.empty());
      other.send("ping");
      other.awaitMessage(SOON, "answer");

      mayAnswer.countDown();
      Eventually.isTrue(SOON, () -> answered.get() >= sent - 1);
    }
  }

  @Test
  void messagesDoNotWaitForThoseWhoConnect() throws IOException {
    List<FloodingClient> connecting = new ArrayList<>();
    try (ServedSockets served =
        new ServedSockets((event, context) -> answer(event), Sockets.LONGEST)) {
      SocketClient open = SocketClient.connect(served.port(), "", Optional.empty());
      areConnectionsHeld = true;
      for (int i = 0; i < 2 * SocketFunction.INVOCATIONS_AT_ONCE; i++) {
        connecting.add(new FloodingClient(served.port()));
      }
      Eventually.isTrue(SOON, () -> begun.get() >= SocketFunction.CONNECTING_AT_ONCE);
      open.send("ping");
      open.awaitMessage(SOON, "answer");
      mayAnswer.countDown();
      Eventually.isTrue(SOON, () -> answered.get() == connecting.size());
    } finally {
      for (FloodingClient each : connecting) {
        each.close();
      }
    }
  }
}
