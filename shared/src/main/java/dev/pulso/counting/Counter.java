package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.literal;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Counts the jobs of a group by status, account and day, from indexes alone and at one moment: one
 * command, which the session makes read from a snapshot.
 */
final class Counter {
  /**
   * From this size on, one equality count per status (a COUNT_SCAN, some four million keys a second
   * here) beats one covered group over all keys, which needs no plan per status.
   */
  private static final long LARGE = 4_000;

  private static final int ALL_ROWS = 10_000;

  private static final String KIND = "kind";
  private static final String COUNTED = "count";
  private static final String TODAY = "today";
  private static final String TODAY_IN_ALL = "today in all";
  private static final String MODIFIED = "modified";
  private static final String BATCH = "b";
  private static final String STATUS = "s";
  private static final String ACCOUNT = "a";
  private static final String COUNT = "n";

  private final JobIndexes indexes;

  Counter(JobIndexes indexes) {
    this.indexes = indexes;
  }

  /**
   * Counts one group.
   *
   * @param latest the latest time that a job may have
   */
  JobCounts count(
      ClientSession session,
      CounterSnapshot before,
      Instant midnight,
      Instant latest,
      Duration timeout) {
    JobGroup group = before.group();
    Optional<String> account = before.onlyAccount().filter(id -> before.total() >= LARGE);
    List<List<Bson>> parts = new ArrayList<>();
    if (account.isPresent()) {
      parts.addAll(byEquality(group, account.get()));
    } else {
      parts.add(byAccount(group.filter()));
    }
    parts.add(countedSince(group.filter(), midnight));
    parts.add(latest(group, JobFields.UPDATED_AT, latest));
    parts.add(latest(group, JobFields.CREATED_AT, latest));
    Deadline deadline = Deadline.in(timeout);
    JobCounts.Builder counts = new JobCounts.Builder();
    rows(session, parts, timeout).forEach(row -> add(row, counts));
    if (!counts.isTodayKnown()) {
      List<List<Bson>> byAccount = List.of(createdSince(group.filter(), midnight));
      rows(session, byAccount, deadline.remaining()).forEach(row -> add(row, counts));
    }
    return counts.build();
  }

  /** Counts many groups at once; those without jobs are left out. */
  Map<JobGroup, JobCounts> count(
      ClientSession session,
      Collection<JobGroup> groups,
      Instant midnight,
      Instant latest,
      Duration timeout) {
    Bson filter = JobGroup.filter(groups);
    List<List<Bson>> parts =
        List.of(
            byGroup(filter),
            createdSince(filter, midnight),
            latestOfEach(filter, JobFields.UPDATED_AT, latest),
            latestOfEach(filter, JobFields.CREATED_AT, latest));
    Map<JobGroup, JobCounts.Builder> counts = new HashMap<>();
    for (Document row : rows(session, parts, timeout)) {
      for (JobGroup group : JobGroup.of(row.get(BATCH), groups)) {
        add(row, counts.computeIfAbsent(group, any -> new JobCounts.Builder()));
      }
    }
    Map<JobGroup, JobCounts> built = new HashMap<>();
    counts.forEach((group, builder) -> built.put(group, builder.build()));
    return built;
  }

  private AggregateIterable<Document> rows(
      ClientSession session, List<List<Bson>> parts, Duration timeout) {
    return indexes.counters(session, parts, timeout).batchSize(ALL_ROWS);
  }

  private static void add(Document row, JobCounts.Builder counts) {
    Optional<String> account = Lenient.text(row.get(ACCOUNT));
    long jobs = Lenient.count(row.get(COUNT));
    switch (row.getString(KIND)) {
      case COUNTED -> counts.add(account, row.get(STATUS), jobs);
      case TODAY -> counts.addToday(account, jobs);
      case TODAY_IN_ALL -> counts.addToday(jobs);
      default -> Lenient.time(row.get(MODIFIED)).ifPresent(counts::modified);
    }
  }

  /** One group needs no id that says which, and that would cost the server for each key. */
  private static List<Bson> byAccount(Bson filter) {
    return counted(filter, new Document());
  }

  private static List<Bson> byGroup(Bson filter) {
    return counted(filter, new Document(BATCH, "$" + JobFields.BATCH_ID));
  }

  private static List<Bson> counted(Bson filter, Document by) {
    by.append(STATUS, "$" + JobFields.STATUS).append(ACCOUNT, "$" + JobFields.ACCOUNT_ID);
    return List.of(
        Aggregates.match(filter),
        Aggregates.group(by, Accumulators.sum(COUNT, 1)),
        row(COUNTED, "$_id." + BATCH, "$_id." + STATUS, "$_id." + ACCOUNT));
  }

  /** One count per status of the one account, and whatever does not fit into these. */
  private static List<List<Bson>> byEquality(JobGroup group, String account) {
    List<List<Bson>> parts = new ArrayList<>();
    Bson ofAccount = Filters.eq(JobFields.ACCOUNT_ID, account);
    for (String status : JobStatus.ALL) {
      parts.add(
          List.of(
              Aggregates.match(
                  Filters.and(group.filter(), Filters.eq(JobFields.STATUS, status), ofAccount)),
              Aggregates.group(null, Accumulators.sum(COUNT, 1)),
              row(COUNTED, literal(null), literal(status), literal(account))));
    }
    parts.add(
        byAccount(
            Filters.and(group.filter(), Filters.nin(JobFields.STATUS, JobStatus.ALL), ofAccount)));
    parts.add(byAccount(Filters.and(group.filter(), Filters.ne(JobFields.ACCOUNT_ID, account))));
    return parts;
  }

  /** A COUNT_SCAN: whose jobs they are nearly always follows from there being one account. */
  private static List<Bson> countedSince(Bson filter, Instant midnight) {
    return List.of(
        Aggregates.match(since(filter, midnight)),
        Aggregates.group(null, Accumulators.sum(COUNT, 1)),
        row(TODAY_IN_ALL, literal(null), literal(null), literal(null)));
  }

  private static List<Bson> createdSince(Bson filter, Instant midnight) {
    return List.of(
        Aggregates.match(since(filter, midnight)),
        Aggregates.group(
            new Document(BATCH, "$" + JobFields.BATCH_ID)
                .append(ACCOUNT, "$" + JobFields.ACCOUNT_ID),
            Accumulators.sum(COUNT, 1)),
        row(TODAY, "$_id." + BATCH, literal(null), "$_id." + ACCOUNT));
  }

  private static Bson since(Bson filter, Instant midnight) {
    return Filters.and(filter, Filters.gte(JobFields.CREATED_AT, Date.from(midnight)));
  }

  private static List<Bson> latest(JobGroup group, String field, Instant latest) {
    return List.of(
        Aggregates.match(until(group.filter(), field, latest)),
        Aggregates.sort(Sorts.descending(JobFields.BATCH_ID, field)),
        Aggregates.limit(1),
        modified(literal(null), field));
  }

  /** A DISTINCT_SCAN: one seek for each group. */
  private static List<Bson> latestOfEach(Bson filter, String field, Instant latest) {
    return List.of(
        Aggregates.match(until(filter, field, latest)),
        Aggregates.sort(Sorts.descending(JobFields.BATCH_ID, field)),
        Aggregates.group("$" + JobFields.BATCH_ID, Accumulators.first(MODIFIED, "$" + field)),
        modified("$_id", MODIFIED));
  }

  private static Bson until(Bson filter, String field, Instant latest) {
    return Filters.and(
        filter,
        Filters.gte(field, Date.from(Instant.EPOCH)),
        Filters.lte(field, Date.from(latest)));
  }

  private static Bson modified(Object batch, String field) {
    return Aggregates.project(
        Projections.fields(
            Projections.excludeId(),
            Projections.computed(KIND, literal(MODIFIED)),
            Projections.computed(BATCH, batch),
            Projections.computed(MODIFIED, "$" + field)));
  }

  private static Bson row(String kind, Object batch, Object status, Object account) {
    return Aggregates.project(
        Projections.fields(
            Projections.excludeId(),
            Projections.computed(KIND, literal(kind)),
            Projections.computed(BATCH, batch),
            Projections.computed(STATUS, status),
            Projections.computed(ACCOUNT, account),
            Projections.include(COUNT)));
  }
}
