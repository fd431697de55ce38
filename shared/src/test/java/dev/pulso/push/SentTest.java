package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SentTest {
  private static final long INTERVAL = BatchFeed.COUNTERS_NANOS;

  @Test
  void freshCountersAreFollowedAfterTheInterval() {
    Sent sent = Sent.counters(1, "active", Optional.of(Duration.ofSeconds(1)));
    assertThat(sent.isOlderThan(INTERVAL * 100)).isFalse();
  }

  @Test
  void oldCountersAreFollowedAtOnce() {
    Sent sent = Sent.counters(1, "active", Optional.of(Duration.ofHours(1)));
    assertThat(sent.isOlderThan(INTERVAL)).isTrue();
  }

  @Test
  void countersOfNoRecountAreFollowedAtOnce() {
    assertThat(Sent.counters(1, "active", Optional.empty()).isOlderThan(INTERVAL)).isTrue();
  }
}
