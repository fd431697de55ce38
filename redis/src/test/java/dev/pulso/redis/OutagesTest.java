package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutagesTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final List<String> told = new ArrayList<>();
  private final Outages outages =
      new Outages(clock::get, (count, last) -> told.add(count + " " + last.getMessage()));

  @Test
  void failuresAreLoggedOncePerMinute() {
    outages.happened(new IllegalStateException("a"));
    assertThat(told).containsExactly("1 a");
    for (int i = 0; i < 59; i++) {
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
      outages.happened(new IllegalStateException("b"));
    }
    assertThat(told).hasSize(1);
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    outages.happened(new IllegalStateException("c"));
    assertThat(told).containsExactly("1 a", "60 c");
  }
}
