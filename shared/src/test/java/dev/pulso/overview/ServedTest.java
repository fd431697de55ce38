package dev.pulso.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.observe.CacheUse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServedTest {
  @Test
  void maxAgeIsRemainingFreshness() {
    assertThat(maxAge(20, Duration.ZERO)).isEqualTo(20);
    assertThat(maxAge(20, Duration.ofMillis(1))).isEqualTo(19);
    assertThat(maxAge(20, Duration.ofMillis(19_001))).isZero();
    assertThat(maxAge(20, Duration.ofMinutes(3))).isZero();
    assertThat(maxAge(0, Duration.ZERO)).isZero();
  }

  @Test
  void maxAgeEndsBeforeNextTimer() {
    assertThat(maxAge(30, Duration.ZERO)).isEqualTo(25);
    assertThat(maxAge(300, Duration.ofSeconds(200))).isEqualTo(25);
    assertThat(maxAge(300, Duration.ofSeconds(290))).isEqualTo(10);
  }

  @Test
  void clientsDoNotCacheIncompletePages() {
    Page counting = new Page("{}", "W/\"1\"", false, Instant.EPOCH);
    assertThat(Served.computed(counting, Duration.ZERO).maxAge(Duration.ofSeconds(30))).isZero();
  }

  @Test
  void clientsDoNotCacheStalePages() {
    Page page = new Page("{}", "W/\"1\"", true, Instant.EPOCH);
    Served stale = new Served(page, CacheUse.STALE, Duration.ZERO);
    assertThat(stale.maxAge(Duration.ofSeconds(30))).isZero();
  }

  private static long maxAge(int fresh, Duration age) {
    Page page = new Page("{}", "W/\"1\"", true, Instant.EPOCH);
    return new Served(page, CacheUse.HIT, age).maxAge(Duration.ofSeconds(fresh));
  }
}
