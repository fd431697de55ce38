package dev.pulso.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  @Test
  void readsPollsAndSeconds() {
    assertThat(RateLimit.parse("1/5s")).contains(new RateLimit(1, Duration.ofSeconds(5)));
    assertThat(RateLimit.parse("120/60s")).contains(new RateLimit(120, Duration.ofSeconds(60)));
    assertThat(RateLimit.parse("off")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "OFF", "1", "1/5", "0/5s", "1/0s", "-1/5s", "1/5m", "1/5s ", "1/1.5s"})
  void refusesOtherTexts(String odd) {
    assertThatThrownBy(() -> RateLimit.parse(odd)).isInstanceOf(IllegalArgumentException.class);
  }
}
