package dev.pulso.counting;

import dev.pulso.batch.JobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/**
 * The jobs of a group, counted at one moment.
 *
 * @param all all of them by status
 * @param accounts the same for each account that has any, ordered by account; of too many those
 *     with most jobs, and the others together as jobs of no account
 * @param lastModified the latest created_at or updated_at of its jobs; the epoch: none is known
 */
record JobCounts(ByStatus all, List<OfAccount> accounts, Instant lastModified) {
  static final JobCounts NONE = new Builder().build();

  /**
   * The most bytes of accounts with counts of their own. A snapshot has rows for two days too, and
   * all of that twice: six times as much at most, in a document of 16 MB.
   */
  static final int MOST_BYTES = 2_000_000;

  /**
   * How many jobs have which status.
   *
   * @param total jobs of any status, also of an unknown one
   * @param pending {@code pending}
   * @param scheduled {@code scheduled}
   * @param completed {@code completed} and {@code done}
   * @param failed {@code failed}
   * @param suspended {@code suspended}
   * @param cancelled {@code cancelled}
   * @param open {@code pending}, {@code scheduled} and {@code in_progress}: what keeps a batch from
   *     being finished
   */
  record ByStatus(
      long total,
      long pending,
      long scheduled,
      long completed,
      long failed,
      long suspended,
      long cancelled,
      long open) {

    /** Returns them as counter snapshots and batches store them. */
    Document document() {
      return new Document(CounterSnapshot.TOTAL, total)
          .append(CounterSnapshot.PENDING, pending)
          .append("scheduled", scheduled)
          .append(CounterSnapshot.COMPLETED, completed)
          .append(CounterSnapshot.FAILED, failed)
          .append("suspended", suspended)
          .append("cancelled", cancelled)
          .append("open", open);
    }

    private static ByStatus of(Map<String, Long> jobs) {
      return new ByStatus(
          sum(jobs, jobs.keySet()),
          jobs.getOrDefault(JobStatus.PENDING, 0L),
          jobs.getOrDefault(JobStatus.SCHEDULED, 0L),
          sum(jobs, JobStatus.SUCCESS),
          jobs.getOrDefault(JobStatus.FAILED, 0L),
          jobs.getOrDefault(JobStatus.SUSPENDED, 0L),
          jobs.getOrDefault(JobStatus.CANCELLED, 0L),
          sum(jobs, JobStatus.OPEN));
    }

    private static long sum(Map<String, Long> jobs, Iterable<String> statuses) {
      long sum = 0;
      for (String status : statuses) {
        sum += jobs.getOrDefault(status, 0L);
      }
      return sum;
    }
  }

  /** Returns the last-modified time, or {@code now} if a worker's clock is ahead. */
  Optional<Instant> lastActivity(Instant now) {
    return Optional.of(lastModified.isAfter(now) ? now : lastModified)
        .filter(time -> !time.equals(Instant.EPOCH));
  }

  /**
   * What one account has of them, by the jobs' own account_id.
   *
   * @param accountId empty: jobs whose account_id is missing or not a string
   * @param today its jobs created since midnight
   */
  record OfAccount(Optional<String> accountId, ByStatus counts, long today) {}

  /** Adds up jobs, or rows that the server counted. */
  static final class Builder {
    private final Map<String, Long> all = new HashMap<>();
    private final Map<Optional<String>, Map<String, Long>> byAccount = new HashMap<>();
    private final Map<Optional<String>, Long> today = new HashMap<>();
    private long todayInAll;
    private Instant lastModified = Instant.EPOCH;

    void add(Optional<String> account, Object status, long jobs) {
      if (jobs > 0) {
        String known = JobStatus.of(status);
        all.merge(known, jobs, Long::sum);
        addOf(account, known, jobs);
      }
    }

    private void addOf(Optional<String> account, String status, long jobs) {
      byAccount.computeIfAbsent(account, id -> new HashMap<>()).merge(status, jobs, Long::sum);
    }

    void addToday(Optional<String> account, long jobs) {
      today.merge(account, jobs, Long::sum);
    }

    /** Adds today's jobs, of whatever accounts. */
    void addToday(long jobs) {
      todayInAll += jobs;
    }

    void modified(Instant at) {
      lastModified = at.isAfter(lastModified) ? at : lastModified;
    }

    /** Whether today's jobs are known by account: all of the only account, or none. */
    boolean isTodayKnown() {
      return todayInAll == 0 || byAccount.size() == 1;
    }

    JobCounts build() {
      mergeOthers();
      boolean isOfOne = byAccount.size() == 1 && today.isEmpty();
      List<OfAccount> accounts = new ArrayList<>();
      byAccount.forEach(
          (id, jobs) ->
              accounts.add(
                  new OfAccount(
                      id, ByStatus.of(jobs), isOfOne ? todayInAll : today.getOrDefault(id, 0L))));
      accounts.sort(Comparator.comparing(account -> account.accountId().orElse("")));
      return new JobCounts(ByStatus.of(all), accounts, lastModified);
    }

    private void mergeOthers() {
      Set<Optional<String>> others = new HashSet<>(byAccount.keySet());
      others.removeAll(AccountJobs.largest(byAccount.keySet(), this::jobs, MOST_BYTES));
      for (Optional<String> other : others) {
        byAccount.remove(other).forEach((status, jobs) -> addOf(Optional.empty(), status, jobs));
        Optional.ofNullable(today.remove(other))
            .ifPresent(jobs -> addToday(Optional.empty(), jobs));
      }
    }

    private long jobs(Optional<String> account) {
      Map<String, Long> jobs = byAccount.get(account);
      return ByStatus.sum(jobs, jobs.keySet());
    }
  }
}
