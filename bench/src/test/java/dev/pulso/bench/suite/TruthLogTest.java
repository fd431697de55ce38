package dev.pulso.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TruthLogTest {
  private final TruthLog truth = new TruthLog(10);

  @Test
  void completeAnswerIsFresh() {
    change();
    assertThat(truth.staleness(1, System.nanoTime())).isZero();
  }

  @Test
  void ageStartsAtFirstMissingChange() {
    change();
    long before = System.nanoTime();
    change();
    long between = System.nanoTime();
    change();
    assertThat(truth.staleness(1, between + 1_000)).isBetween(1_000L, between - before + 1_000);
  }

  @Test
  void answerMayContainOneChangeInFlight() {
    truth.beginChange();
    assertThat(truth.staleness(1, System.nanoTime())).isZero();
    assertThatThrownBy(() -> truth.staleness(2, System.nanoTime()))
        .isInstanceOf(IllegalStateException.class);
  }

  private void change() {
    truth.beginChange();
    truth.endChange();
  }
}
