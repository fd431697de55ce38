package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final long INTERVAL = BatchFeed.COUNTERS_NANOS;

  @Test
  void nobodyWaitsLongerForCountersAfterAHandover() {
    long now = System.nanoTime();
    Map<String, Sent> told =
        Map.of(
            "long ago", new Sent(1, "active", now - 2 * INTERVAL),
            "just now", new Sent(1, "active", now));
    Handover left = new Handover(told, Optional.of(Instant.EPOCH));
    Map<String, Sent> taken = Handover.of(left.document()).told();
    assertThat(taken.get("long ago").isOlderThan(INTERVAL)).isTrue();
    assertThat(taken.get("just now").isOlderThan(INTERVAL * 100)).isFalse();
  }
}
