package dev.pulso.overview;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * The figures of a dashboard.
 *
 * @param takenAt when they were taken (UTC)
 * @param readAt when they were read: they show what Pulso changed before (UTC, the server's clock)
 * @param account the account that was asked for, if it is known
 * @param jobs counts of jobs
 * @param batches figures of active batches
 * @param isComplete false while jobs are still being counted for the first time
 */
public record Overview(
    Instant takenAt,
    Instant readAt,
    Optional<AccountView> account,
    Jobs jobs,
    Batches batches,
    boolean isComplete) {

  /** The same with another count of jobs that were created today. */
  Overview withToday(long today) {
    Jobs counted = new Jobs(today, jobs.pending, jobs.completed, jobs.failed);
    return new Overview(takenAt, readAt, account, counted, batches, isComplete);
  }

  /**
   * Counts of jobs, in batches or not.
   *
   * @param today created since midnight in the dashboard's zone
   * @param pending {@code pending}
   * @param completed {@code completed} and {@code done}
   * @param failed {@code failed}
   */
  public record Jobs(long today, long pending, long completed, long failed) {
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
