package dev.pulso.recount;

import static com.mongodb.client.model.Projections.excludeId;
import static com.mongodb.client.model.Projections.fields;
import static com.mongodb.client.model.Projections.include;

import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import dev.pulso.recount.CallPlaces.Place;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Counts and sums a small group by one read of its jobs: planning the parts of a larger count costs
 * the server more than that. It goes along an index whose keys stay while a job is worked on, so
 * each job is met once, whatever becomes of it meanwhile. That needs no snapshot, and sees every
 * write that was acknowledged before it began.
 */
final class SmallGroups {
  /** From here on reading documents costs the server more than reading keys. */
  static final int MOST_JOBS = 1_000;

  private static final Bson FIELDS =
      fields(
          excludeId(),
          include(JobFields.STATUS, JobFields.ACCOUNT_ID, JobFields.CREATED_AT),
          include(
              Stream.concat(CallPlaces.COST.stream(), CallPlaces.LENGTH.stream())
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
   * @param sums the figures of all its calls
   */
  record Counted(JobCounts counts, Sums sums) {}

  /** Counts it; nothing when it is not that small. One that nobody counted before may be. */
  Optional<Counted> count(Tally before, Instant midnight, Duration timeout) {
    boolean isSmall = before.group().hasSums() && before.total() <= MOST_JOBS;
    Optional<String> index = isSmall ? indexes.uploadsHint() : Optional.empty();
    return index.flatMap(
        hint -> {
          List<Document> jobs =
              db.jobs(timeout)
                  .find(before.group().filter())
                  .projection(FIELDS)
                  .hintString(hint)
                  .limit(MOST_JOBS + 1)
                  .batchSize(MOST_JOBS + 2)
                  .into(new ArrayList<>());
          return Optional.of(jobs)
              .filter(all -> all.size() <= MOST_JOBS)
              .map(all -> counted(all, Date.from(midnight)));
        });
  }

  private static Counted counted(List<Document> jobs, Date midnight) {
    Map<String, Long> all = new HashMap<>();
    Map<Optional<String>, Map<String, Long>> byAccount = new HashMap<>();
    Map<Optional<String>, Long> today = new HashMap<>();
    BigDecimal cents = BigDecimal.ZERO;
    BigDecimal ms = BigDecimal.ZERO;
    for (Document job : jobs) {
      String status = JobStatus.of(job.get(JobFields.STATUS));
      Optional<String> account = Lenient.text(job.get(JobFields.ACCOUNT_ID));
      all.merge(status, 1L, Long::sum);
      byAccount.computeIfAbsent(account, a -> new HashMap<>()).merge(status, 1L, Long::sum);
      if (isSince(job.get(JobFields.CREATED_AT), midnight)) {
        today.merge(account, 1L, Long::sum);
      }
      cents = cents.add(first(job, CallPlaces.COST));
      ms = ms.add(first(job, CallPlaces.LENGTH));
    }
    List<AccountCounts> accounts = AccountCounts.sorted(byAccount, today);
    return new Counted(
        new JobCounts(StatusCounts.of(all), accounts, Instant.EPOCH), Sums.of(cents, ms));
  }

  private static boolean isSince(Object createdAt, Date midnight) {
    return createdAt instanceof List<?> several
        ? several.stream().anyMatch(one -> isSince(one, midnight))
        : createdAt instanceof Date date && !date.before(midnight);
  }

  /** The figure at the first place that has a believable one; else 0. */
  private static BigDecimal first(Document job, List<Place> places) {
    for (Place place : places) {
      Optional<BigDecimal> figure = Lenient.number(place.of(job));
      if (figure.isPresent()) {
        return figure.get().multiply(BigDecimal.valueOf(place.factor()));
      }
    }
    return BigDecimal.ZERO;
  }
}
