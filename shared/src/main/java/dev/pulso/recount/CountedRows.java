package dev.pulso.recount;

import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Lenient;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;

/** Puts the rows that the server counted for one group together. */
final class CountedRows {
  private final Map<String, Long> all = new HashMap<>();
  private final Map<Optional<String>, Map<String, Long>> byAccount = new HashMap<>();
  private final Map<Optional<String>, Long> today = new HashMap<>();
  private long todayInAll;
  private Instant latest = Instant.EPOCH;

  void add(Document row) {
    Optional<Instant> stamp = Lenient.time(row.get(JobCounter.STAMP));
    if (stamp.isPresent()) {
      latest = stamp.get().isAfter(latest) ? stamp.get() : latest;
      return;
    }
    Optional<String> account = Lenient.text(row.get(JobCounter.ACCOUNT));
    long count = Lenient.count(row.get(JobCounter.COUNT));
    if (JobCounter.TODAY_IN_ALL.equals(row.get(JobCounter.KIND))) {
      todayInAll += count;
    } else if (JobCounter.TODAY.equals(row.get(JobCounter.KIND))) {
      today.merge(account, count, Long::sum);
    } else if (JobCounter.COUNTED.equals(row.get(JobCounter.KIND)) && count > 0) {
      String status = JobStatus.of(row.get(JobCounter.STATUS));
      all.merge(status, count, Long::sum);
      byAccount.computeIfAbsent(account, a -> new HashMap<>()).merge(status, count, Long::sum);
    }
  }

  /** Whether today's jobs are known by account: they are all of the one account, or none. */
  boolean isTodayTold() {
    return todayInAll == 0 || byAccount.size() == 1;
  }

  private long today(Optional<String> account) {
    return byAccount.size() == 1 && today.isEmpty() ? todayInAll : today.getOrDefault(account, 0L);
  }

  JobCounts counts() {
    Map<Optional<String>, Long> created = new HashMap<>();
    byAccount.keySet().forEach(account -> created.put(account, today(account)));
    return new JobCounts(StatusCounts.of(all), AccountCounts.sorted(byAccount, created), latest);
  }
}
