package dev.pulso.overview;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * The figures of a dashboard.
 *
 * @param takenAt when they were taken (UTC)
 * @param account the account that was asked for, if it is known
 * @param jobs counts of jobs
 * @param batches figures of active batches
 * @param isComplete false while jobs are still being counted for the first time
 */
public record Overview(
    Instant takenAt,
    Optional<AccountView> account,
    Jobs jobs,
    Batches batches,
    boolean isComplete) {

  /**
   * Counts of jobs, in batches or not.
   *
   * @param today created since midnight in the dashboard's zone
   * @param pending {@code pending}
   * @param completed {@code completed} and {@code done}
   * @param failed {@code failed}
   */
  public record Jobs(long today, long pending, long completed, long failed) {
    static final Jobs NONE = new Jobs(0, 0, 0, 0);

    Jobs plus(Jobs other) {
      return new Jobs(
          today + other.today,
          pending + other.pending,
          completed + other.completed,
          failed + other.failed);
    }

    /** The same on a day on which nothing was uploaded yet. */
    Jobs withoutToday() {
      return new Jobs(0, pending, completed, failed);
    }

    /** Those that came to an end, well or not. */
    public long totalFinished() {
      return completed + failed;
    }
  }

  /**
   * Sums over active batches.
   *
   * @param active how many there are
   * @param totalJobs their jobs
   * @param cost in units of money, two decimals
   * @param minutes of calls, two decimals
   */
  public record Batches(long active, long totalJobs, BigDecimal cost, BigDecimal minutes) {}
}
