package dev.pulso.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.Document;
import org.junit.jupiter.api.Test;

class CountersTest {
  @Test
  void finishedPercentageIsWholeOnlyWithoutOpenJobs() {
    assertThat(counted(0, 0).finishedPercentage()).isEqualByComparingTo("0");
    assertThat(counted(3, 1).finishedPercentage()).isEqualByComparingTo("66.67");
    assertThat(counted(1_000_000, 1).finishedPercentage()).isEqualByComparingTo("99.99");
    assertThat(counted(1_000_000, 0).finishedPercentage()).isEqualByComparingTo("100");
  }

  @Test
  void carriedCountersOpenWhatIsPending() {
    Counters counters = Counters.carried(new Document("total_jobs", 8).append("pending_jobs", 2));
    assertThat(counters.finishedPercentage()).isEqualByComparingTo("75");
    assertThat(counters.inProgress()).isZero();
  }

  @Test
  void damagedCountersAreNeverNegative() {
    Counters counters = counted(3, 5);
    assertThat(counters.finishedPercentage()).isEqualByComparingTo("0");
    assertThat(Counters.counted(new Document("open", 1).append("pending", 9)).inProgress())
        .isZero();
  }

  private static Counters counted(long total, long open) {
    return Counters.counted(new Document("total", total).append("open", open));
  }
}
