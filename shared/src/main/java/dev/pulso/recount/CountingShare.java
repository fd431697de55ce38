package dev.pulso.recount;

import java.time.Duration;

/**
 * How much of the database's time counting may take: one recount of a group pays for a multiple of
 * its own length in which there is none, so that counters are as fresh as can be afforded, and five
 * in a hundred are never passed.
 */
final class CountingShare {
  /** Four in a hundred for counting by status, which is what people watch. */
  private static final int COUNT_PAUSE = 25;

  /** One in a hundred for the sums of a group whose sums are costly. */
  private static final int SUMS_PAUSE = 100;

  /** Five in a hundred for both. */
  private static final int BOTH_PAUSE = 20;

  private CountingShare() {}

  /** How long after a recount that cost that much the next one may begin. */
  static Duration afterCounting(Duration cost) {
    return cost.multipliedBy(COUNT_PAUSE);
  }

  /**
   * How long after sums that cost that much the next ones may begin: no longer than people wait for
   * counts, if both together stay within five in a hundred even so.
   */
  static Duration afterSumming(Duration cost, Duration countCost) {
    Duration pause = cost.multipliedBy(SUMS_PAUSE);
    boolean isCheap =
        cost.plus(countCost).multipliedBy(BOTH_PAUSE).compareTo(Recounter.POLLED_REST) <= 0;
    return isCheap && pause.compareTo(Recounter.POLLED_REST) > 0 ? Recounter.POLLED_REST : pause;
  }
}
