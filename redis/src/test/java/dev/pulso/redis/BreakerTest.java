package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final Breaker breaker = new Breaker(clock::get);

  @Test
  void everyCallerTriesWhileHealthy() {
    for (int i = 0; i < 10; i++) {
      breaker.succeeded(breaker.begin().orElseThrow());
    }
    assertThat(breaker.begin()).isPresent();
  }

  @Test
  void failurePausesForOneSecond() {
    breaker.failed(breaker.begin().orElseThrow());
    pass(Breaker.FIRST_PAUSE.minusNanos(1));
    assertThat(breaker.begin()).isEmpty();
    pass(Duration.ofNanos(1));
    OptionalLong probe = breaker.begin();
    assertThat(probe).isPresent();
    assertThat(breaker.begin()).isEmpty();
    breaker.succeeded(probe.getAsLong());
    assertThat(breaker.begin()).isPresent();
    assertThat(breaker.begin()).isPresent();
  }

  @Test
  void pausesDoubleUpToThirtySeconds() {
    breaker.failed(breaker.begin().orElseThrow());
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      pass(Duration.ofSeconds(seconds).minusNanos(1));
      assertThat(breaker.begin()).isEmpty();
      pass(Duration.ofNanos(1));
      breaker.failed(breaker.begin().orElseThrow());
    }
  }

  @Test
  void concurrentFailuresCountOnce() {
    long[] tries = new long[20];
    for (int i = 0; i < tries.length; i++) {
      tries[i] = breaker.begin().orElseThrow();
    }
    int counted = 0;
    for (long tried : tries) {
      counted += breaker.failed(tried) ? 1 : 0;
    }
    assertThat(counted).isEqualTo(1);
    pass(Breaker.FIRST_PAUSE);
    assertThat(breaker.begin()).isPresent();
  }

  @Test
  void earlierSuccessDoesNotEndPause() {
    long slow = breaker.begin().orElseThrow();
    breaker.failed(breaker.begin().orElseThrow());
    breaker.succeeded(slow);
    assertThat(breaker.begin()).isEmpty();
  }

  @Test
  void hangingProbeIsReplaced() {
    breaker.failed(breaker.begin().orElseThrow());
    pass(Breaker.FIRST_PAUSE);
    assertThat(breaker.begin()).isPresent();
    pass(Breaker.FIRST_PAUSE);
    assertThat(breaker.begin()).isPresent();
  }

  @Test
  void successResetsPause() {
    for (int i = 0; i < 5; i++) {
      breaker.failed(breaker.begin().orElseThrow());
      pass(Breaker.LONGEST_PAUSE);
    }
    breaker.succeeded(breaker.begin().orElseThrow());
    breaker.failed(breaker.begin().orElseThrow());
    pass(Breaker.FIRST_PAUSE);
    assertThat(breaker.begin()).isPresent();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
