package dev.pulso.recount;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A group's jobs, counted at one moment.
 *
 * @param counts all of them by status
 * @param accounts the same for each account that has any
 * @param latestStamp the latest created_at or updated_at that a job carries; the epoch without any
 */
record JobCounts(StatusCounts counts, List<AccountCounts> accounts, Instant latestStamp) {
  static final JobCounts NONE = new JobCounts(StatusCounts.of(Map.of()), List.of(), Instant.EPOCH);
}
