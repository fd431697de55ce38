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

  /** More than any round trip takes on a server that has time. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  /** Several times what counting a job takes, and summing it, on a server that has time. */
  private static final Duration COUNTING_A_JOB = Duration.ofNanos(5_000);

  private static final Duration SUMMING_A_JOB = Duration.ofNanos(40_000);

  private CountingShare() {}

  /**
   * What of the time that counting so many jobs took may be put to its account. On a busy server
   * most of it is waiting, for which the counters of a small batch should not grow old.
   */
  static Duration countCost(Duration took, long jobs) {
    return shorter(took, ROUND_TRIP.plus(COUNTING_A_JOB.multipliedBy(jobs)));
  }

  /** The same of summing. */
  static Duration sumsCost(Duration took, long jobs) {
    return shorter(took, ROUND_TRIP.plus(SUMMING_A_JOB.multipliedBy(jobs)));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

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
