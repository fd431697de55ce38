package dev.pulso.batch;

import static dev.pulso.mongo.Lenient.count;
import static dev.pulso.mongo.Lenient.notNegative;
import static dev.pulso.mongo.Lenient.sum;

import java.math.BigDecimal;
import org.bson.Document;

/**
 * The counters of a batch.
 *
 * @param total jobs of any status
 * @param pending jobs {@code pending}
 * @param scheduled jobs {@code scheduled}
 * @param completed jobs {@code completed} or {@code done}
 * @param failed jobs {@code failed}
 * @param suspended jobs {@code suspended}
 * @param cancelled jobs {@code cancelled}
 * @param open jobs {@code pending}, {@code scheduled} or {@code in_progress}
 * @param cost in units of money, not cents
 * @param minutes of calls
 */
public record Counters(
    long total,
    long pending,
    long scheduled,
    long completed,
    long failed,
    long suspended,
    long cancelled,
    long open,
    BigDecimal cost,
    BigDecimal minutes) {

  /** Returns the counters of the last recount; older ones do not tell what was scheduled. */
  public static Counters counted(Document counted) {
    return new Counters(
        count(counted.get("total")),
        count(counted.get("pending")),
        count(counted.get("scheduled")),
        count(counted.get("completed")),
        count(counted.get("failed")),
        count(counted.get("suspended")),
        count(counted.get("cancelled")),
        count(counted.get("open")),
        Rounding.units(sum(counted.get("cents"))),
        Rounding.minutes(sum(counted.get("ms"))));
  }

  /** Returns the counters of a batch without jobs, written when its jobs were archived. */
  static Counters carried(Document batch) {
    long pending = count(batch.get(BatchFields.PENDING_JOBS));
    return new Counters(
        count(batch.get(BatchFields.TOTAL_JOBS)),
        pending,
        0,
        count(batch.get(BatchFields.COMPLETED_JOBS)),
        count(batch.get(BatchFields.FAILED_JOBS)),
        count(batch.get(BatchFields.SUSPENDED_JOBS)),
        0,
        pending,
        Rounding.figure(notNegative(batch.get(BatchFields.TOTAL_COST))),
        Rounding.figure(notNegative(batch.get(BatchFields.TOTAL_MINUTES))));
  }

  /**
   * Returns completed jobs as a percentage of all, two decimals; 0 without jobs, 100 only when all
   * are completed.
   */
  public BigDecimal progressPercentage() {
    return Rounding.progress(completed, total);
  }

  boolean isAnyFinished() {
    return completed + failed + suspended + cancelled > 0;
  }

  /** Returns the jobs {@code in_progress}: what is open and does not wait. */
  public long inProgress() {
    return Math.max(0, open - pending - scheduled);
  }

  /**
   * Returns jobs that are not open as a percentage of all, two decimals; 0 without jobs, 100 only
   * when none is open.
   */
  public BigDecimal finishedPercentage() {
    return Rounding.progress(Math.max(0, total - open), total);
  }
}
