package dev.pulso.counting;

import java.time.Duration;

/**
 * Limits counting to about 5 % of the database's time: work that took some time is followed by a
 * multiple of that time without any. So counters are as fresh as the database can afford.
 */
final class DutyCycle {
  /** Counting by status takes 4 %: that is what people watch. */
  private static final int COUNT_PAUSE = 25;

  /** Costly sums of a group take 1 %. */
  private static final int SUMS_PAUSE = 100;

  /** Those beside which the last open job is gone: a batch may end again and again. */
  private static final int LAST_SUMS_PAUSE = 10;

  /** Both together take 5 %. */
  private static final int BOTH_PAUSE = 20;

  /** A refresh takes 5 %. */
  private static final int REFRESH = 20;

  /** More than any round trip takes on a server that has time. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(20);

  /** Several times what counting a job takes, and summing it, on a server that has time. */
  private static final Duration COUNTING_A_JOB = Duration.ofNanos(5_000);

  /** About what counting a job takes of a server that has time. */
  private static final Duration READING_A_JOB = Duration.ofNanos(500);

  private static final Duration SUMMING_A_JOB = Duration.ofNanos(40_000);

  private DutyCycle() {}

  /**
   * Returns what of the time that counting so many jobs took is their cost. On a busy server most
   * of it is waiting, for which the counters of a small batch should not grow old.
   */
  static Duration countCost(Duration took, long jobs) {
    return shorter(took, ROUND_TRIP.plus(COUNTING_A_JOB.multipliedBy(jobs)));
  }

  /** The same of summing. */
  static Duration sumsCost(Duration took, long jobs) {
    return shorter(took, ROUND_TRIP.plus(SUMMING_A_JOB.multipliedBy(jobs)));
  }

  /** Returns the part of some jobs in what was spent on all. */
  static Duration part(Duration cost, long jobs, long all) {
    return all == 0 ? cost : Duration.ofNanos((long) (cost.toNanos() * ((double) jobs / all)));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** How long after a recount of that cost the next one may begin. */
  static Duration afterCounting(Duration cost) {
    return cost.multipliedBy(COUNT_PAUSE);
  }

  /** The same, and at least the minimum interval. */
  static Duration untilDue(Duration cost) {
    Duration pause = afterCounting(cost);
    Duration interval = Recounter.MINIMUM_INTERVAL;
    return pause.compareTo(interval) > 0 ? pause : interval;
  }

  /**
   * How long after sums of that cost the next ones may begin: no later than the next counts, if
   * both together stay within the limit even so.
   */
  static Duration afterSumming(Duration cost, Duration countCost) {
    Duration pause = afterCostlySums(cost);
    Duration interval = Recounter.MINIMUM_INTERVAL;
    boolean isCheap = cost.plus(countCost).multipliedBy(BOTH_PAUSE).compareTo(interval) <= 0;
    return isCheap ? shorter(pause, interval) : pause;
  }

  /** How long after sums of that cost those at the end of a batch may begin. */
  static Duration beforeLastSums(Duration cost) {
    return cost.multipliedBy(LAST_SUMS_PAUSE);
  }

  static Duration afterCostlySums(Duration cost) {
    return cost.multipliedBy(SUMS_PAUSE);
  }

  /** How long after a refresh of that cost the next one may begin. */
  static Duration afterRefresh(Duration cost) {
    return cost.multipliedBy(REFRESH - 1);
  }

  /**
   * How long after a recount of a whole page with so many jobs the next one may begin: each of its
   * batches may be cheap, but all together take a share.
   */
  static Duration afterPage(long jobs) {
    return READING_A_JOB.multipliedBy(jobs).multipliedBy(REFRESH);
  }

  /** How long a refresh may take, so long after the last one. */
  static Duration ofRefresh(Duration sinceLast) {
    return sinceLast.dividedBy(REFRESH);
  }
}
