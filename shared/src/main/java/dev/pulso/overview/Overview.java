package dev.pulso.overview;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * The figures of a dashboard.
 *
 * @param takenAt when the jobs were counted (UTC)
 * @param readAt when the figures were read (UTC, the server's clock); they contain all earlier
 *     changes by Pulso
 * @param account the requested account, if it is known
 * @param isComplete false while jobs are still being counted for the first time
 */
public record Overview(
    Instant takenAt,
    Instant readAt,
    Optional<AccountView> account,
    Jobs jobs,
    Batches batches,
    boolean isComplete) {

  /** Returns a copy with another number of jobs created today. */
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
    /** Returns completed and failed jobs. */
    public long totalFinished() {
      return completed + failed;
    }
  }

  /**
   * Sums over active batches.
   *
   * @param active number of active batches
   * @param totalJobs their jobs
   * @param cost in units of money, two decimals
   * @param minutes of calls, two decimals
   */
  public record Batches(long active, long totalJobs, BigDecimal cost, BigDecimal minutes) {}
}
