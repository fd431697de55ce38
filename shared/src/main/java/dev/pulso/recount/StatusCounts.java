package dev.pulso.recount;

import dev.pulso.batch.JobStatus;
import java.util.Map;

/**
 * How many jobs of a group have which status.
 *
 * @param total jobs of any status, also of one that nobody knows
 * @param pending {@code pending}
 * @param completed {@code completed} and {@code done}
 * @param failed {@code failed}
 * @param suspended {@code suspended}
 * @param cancelled {@code cancelled}
 * @param waiting {@code pending} and {@code scheduled}: what a cancel would cancel
 * @param open waiting and {@code in_progress}: what keeps a batch from being finished
 */
public record StatusCounts(
    long total,
    long pending,
    long completed,
    long failed,
    long suspended,
    long cancelled,
    long waiting,
    long open) {

  /** The counts that these jobs per status make. */
  static StatusCounts of(Map<String, Long> byStatus) {
    return new StatusCounts(
        byStatus.values().stream().mapToLong(Long::longValue).sum(),
        byStatus.getOrDefault(JobStatus.PENDING, 0L),
        sum(byStatus, JobStatus.SUCCESS),
        byStatus.getOrDefault(JobStatus.FAILED, 0L),
        byStatus.getOrDefault(JobStatus.SUSPENDED, 0L),
        byStatus.getOrDefault(JobStatus.CANCELLED, 0L),
        sum(byStatus, JobStatus.WAITING),
        sum(byStatus, JobStatus.OPEN));
  }

  private static long sum(Map<String, Long> byStatus, Iterable<String> statuses) {
    long sum = 0;
    for (String status : statuses) {
      sum += byStatus.getOrDefault(status, 0L);
    }
    return sum;
  }
}
