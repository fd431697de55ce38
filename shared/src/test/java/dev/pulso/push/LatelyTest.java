package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatelyTest {
  private static final long SECOND = 1_000_000_000L;

  private final Lately lately = new Lately(Duration.ofSeconds(4));

  @Test
  void whatHappenedIsRememberedForAWhile() {
    assertThat(lately.has("b1", 0)).isFalse();
    lately.note("b1", 0);
    assertThat(lately.has("b1", 3 * SECOND)).isTrue();
    assertThat(lately.has("b2", 3 * SECOND)).isFalse();
    assertThat(lately.has("b1", 4 * SECOND)).isFalse();
  }

  @Test
  void theLastTimeCounts() {
    lately.note("b1", 0);
    lately.note("b1", 3 * SECOND);
    lately.note("b2", 5 * SECOND);
    assertThat(lately.has("b1", 6 * SECOND)).isTrue();
  }
}
