package dev.pulso.counting;

import static com.mongodb.client.model.Projections.excludeId;
import static com.mongodb.client.model.Projections.fields;
import static com.mongodb.client.model.Projections.include;

import dev.pulso.batch.JobFields;
import dev.pulso.counting.CallSums.Place;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Counts and sums a small group by one read of its jobs: planning the parts of a larger count costs
 * the server more than that. The read follows an index whose keys stay the same while a job is
 * worked on, so it meets each job once. It needs no snapshot, and sees every write that was
 * acknowledged before it began.
 */
final class SmallGroups {
  /** From here on reading documents costs the server more than reading keys. */
  static final int MOST_JOBS = 1_000;

  private static final Bson FIELDS =
      fields(
          excludeId(),
          include(
              JobFields.STATUS, JobFields.ACCOUNT_ID, JobFields.CREATED_AT, JobFields.UPDATED_AT),
          include(
              Stream.concat(CallSums.COST.stream(), CallSums.LENGTH.stream())
                  .map(Place::field)
                  .toList()));

  private final Db db;
  private final JobIndexes indexes;

  SmallGroups(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /**
   * What was counted.
   *
   * @param sums of all its calls
   */
  record Counted(JobCounts counts, CallSums sums) {}

  /**
   * Counts a group; empty when it is not that small. One that was never counted may be.
   *
   * @param latest the latest time that a job may have
   */
  Optional<Counted> count(
      CounterSnapshot before, Instant midnight, Instant latest, Duration timeout) {
    boolean isSmall = before.group().hasSums() && before.total() <= MOST_JOBS;
    Optional<String> index = isSmall ? indexes.uploadsHint() : Optional.empty();
    return index
        .map(hint -> read(before.group(), hint, timeout))
        .filter(jobs -> jobs.size() <= MOST_JOBS)
        .map(jobs -> counted(jobs, Date.from(midnight), latest));
  }

  private List<Document> read(JobGroup group, String hint, Duration timeout) {
    return db.jobs(timeout)
        .find(group.filter())
        .projection(FIELDS)
        .hintString(hint)
        .limit(MOST_JOBS + 1)
        .batchSize(MOST_JOBS + 2)
        .into(new ArrayList<>());
  }

  private static Counted counted(List<Document> jobs, Date midnight, Instant latest) {
    JobCounts.Builder counts = new JobCounts.Builder();
    CallSums sums = CallSums.NONE;
    for (Document job : jobs) {
      Optional<String> account = Lenient.text(job.get(JobFields.ACCOUNT_ID));
      counts.add(account, job.get(JobFields.STATUS), 1);
      if (isSince(job.get(JobFields.CREATED_AT), midnight)) {
        counts.addToday(account, 1);
      }
      for (String field : List.of(JobFields.UPDATED_AT, JobFields.CREATED_AT)) {
        Lenient.time(job.get(field))
            .filter(time -> !time.isAfter(latest))
            .ifPresent(counts::modified);
      }
      sums = sums.plus(CallSums.ofJob(job));
    }
    return new Counted(counts.build(), sums.rounded());
  }

  private static boolean isSince(Object createdAt, Date midnight) {
    return createdAt instanceof List<?> several
        ? several.stream().anyMatch(one -> isSince(one, midnight))
        : createdAt instanceof Date date && !date.before(midnight);
  }
}
