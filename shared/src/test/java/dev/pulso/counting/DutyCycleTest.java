package dev.pulso.counting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DutyCycleTest {
  @Test
  void waitingOnABusyServerDoesNotMakeASmallBatchsCountersOld() {
    Duration cost = DutyCycle.countCost(Duration.ofSeconds(2), 2_000);
    assertThat(DutyCycle.afterCounting(cost)).isLessThan(Recounter.MINIMUM_INTERVAL);
  }

  @Test
  void batchThatIsCostlyBecauseItIsLargePaysForAllOfIt() {
    Duration took = Duration.ofSeconds(2);
    assertThat(DutyCycle.countCost(took, 1_000_000)).isEqualTo(took);
    assertThat(DutyCycle.sumsCost(took, 1_000_000)).isEqualTo(took);
  }

  @Test
  void quickCountCostsWhatItTook() {
    assertThat(DutyCycle.countCost(Duration.ofMillis(3), 100)).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void countingTakesFourPercent() {
    assertThat(DutyCycle.afterCounting(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(25));
  }

  @Test
  void pageOfManyJobsTakesAShareToo() {
    assertThat(DutyCycle.afterPage(10_000)).isLessThan(Recounter.MINIMUM_INTERVAL);
    assertThat(DutyCycle.afterPage(10_000_000)).isEqualTo(Duration.ofSeconds(100));
  }
}
