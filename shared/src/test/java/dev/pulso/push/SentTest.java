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
  void countersOfYearOneAreOld() {
    Duration age = Duration.ofDays(2_025 * 365);
    assertThat(Sent.counters(1, "active", Optional.of(age)).isOlderThan(INTERVAL)).isTrue();
    assertThat(Sent.first(1, "active", age).isOlderThan(INTERVAL)).isTrue();
  }

  @Test
  void countersOfTheFutureAreFresh() {
    Duration age = Duration.ofDays(-7_975 * 365);
    assertThat(Sent.counters(1, "active", Optional.of(age)).isOlderThan(INTERVAL)).isFalse();
    assertThat(Sent.first(1, "active", age).isOlderThan(INTERVAL)).isFalse();
  }

  @Test
  void countersOfNoRecountAreFollowedAtOnce() {
    assertThat(Sent.counters(1, "active", Optional.empty()).isOlderThan(INTERVAL)).isTrue();
  }
}
