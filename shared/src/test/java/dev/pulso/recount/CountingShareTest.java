package dev.pulso.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CountingShareTest {
  @Test
  void waitingOnABusyServerDoesNotMakeASmallBatchsCountersOld() {
    Duration cost = CountingShare.countCost(Duration.ofSeconds(2), 2_000);
    assertThat(CountingShare.afterCounting(cost)).isLessThan(Recounter.POLLED_REST);
  }

  @Test
  void batchThatIsCostlyBecauseItIsLargePaysForAllOfIt() {
    Duration took = Duration.ofSeconds(2);
    assertThat(CountingShare.countCost(took, 1_000_000)).isEqualTo(took);
    assertThat(CountingShare.sumsCost(took, 1_000_000)).isEqualTo(took);
  }

  @Test
  void quickCountCostsWhatItTook() {
    assertThat(CountingShare.countCost(Duration.ofMillis(3), 100)).isEqualTo(Duration.ofMillis(3));
  }
}
