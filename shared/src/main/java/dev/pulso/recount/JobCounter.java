package dev.pulso.recount;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.JobFields;
import dev.pulso.batch.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
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
final class JobCounter {
  /**
   * From this size on, one equality count per status (a COUNT_SCAN, some four million keys a second
   * here) beats one covered group over all keys, which needs no plan per status.
   */
  private static final long LARGE = 4_000;

  private static final int ALL_ROWS = 10_000;

  static final String KIND = "kind";
  static final String BATCH = "b";
  static final String STATUS = "s";
  static final String ACCOUNT = "a";
  static final String COUNT = "n";
  static final String STAMP = "at";
  static final String COUNTED = "count";
  static final String TODAY = "today";
  static final String TODAY_IN_ALL = "today in all";

  private final Db db;
  private final JobIndexes indexes;

  JobCounter(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /**
   * Counts one group.
   *
   * @param stamps whether to find when its jobs were last stamped, which matters where they are not
   *     summed
   */
  JobCounts count(
      ClientSession session, Tally before, Instant midnight, boolean stamps, Duration timeout) {
    JobGroup group = before.group();
    Optional<String> account = before.soleAccount().filter(id -> before.total() >= LARGE);
    List<Bson> pipeline = new ArrayList<>();
    if (account.isPresent()) {
      byEquality(group, account.get()).forEach(part -> append(pipeline, part));
    } else {
      append(pipeline, byAccount(group.filter()));
    }
    append(pipeline, countedSince(group.filter(), midnight));
    if (stamps) {
      append(pipeline, latest(group, JobFields.UPDATED_AT));
      append(pipeline, latest(group, JobFields.CREATED_AT));
    }
    Deadline deadline = Deadline.in(timeout);
    CountedRows rows = new CountedRows();
    rows(session, pipeline, timeout).forEach(rows::add);
    if (!rows.isTodayTold()) {
      List<Bson> byAccount = createdSince(group.filter(), midnight);
      rows(session, byAccount, deadline.remaining()).forEach(rows::add);
    }
    return rows.counts();
  }

  /** Counts many groups at once; those without jobs are left out. */
  Map<JobGroup, JobCounts> count(
      ClientSession session, Collection<JobGroup> groups, Instant midnight, Duration timeout) {
    List<Bson> pipeline = new ArrayList<>();
    append(pipeline, byGroup(JobGroup.filter(groups)));
    append(pipeline, createdSince(JobGroup.filter(groups), midnight));
    return run(session, pipeline, groups, timeout);
  }

  private AggregateIterable<Document> rows(
      ClientSession session, List<Bson> pipeline, Duration timeout) {
    AggregateIterable<Document> rows = db.jobs(timeout).aggregate(session, pipeline);
    indexes.figuresHint().ifPresent(rows::hintString);
    return rows.batchSize(ALL_ROWS);
  }

  private Map<JobGroup, JobCounts> run(
      ClientSession session, List<Bson> pipeline, Collection<JobGroup> groups, Duration timeout) {
    Map<JobGroup, CountedRows> byGroup = new HashMap<>();
    for (Document row : rows(session, pipeline, timeout)) {
      for (JobGroup group : JobGroup.of(row.get(BATCH), groups)) {
        byGroup.computeIfAbsent(group, g -> new CountedRows()).add(row);
      }
    }
    Map<JobGroup, JobCounts> counts = new HashMap<>();
    byGroup.forEach((group, counted) -> counts.put(group, counted.counts()));
    return counts;
  }

  private void append(List<Bson> pipeline, List<Bson> part) {
    if (pipeline.isEmpty()) {
      pipeline.addAll(part);
    } else {
      pipeline.add(Aggregates.unionWith(db.jobs().getNamespace().getCollectionName(), part));
    }
  }

  /** Of one group: which it is needs no saying, and would cost the server for each key. */
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

  private static List<Bson> latest(JobGroup group, String field) {
    return List.of(
        Aggregates.match(Filters.and(group.filter(), Filters.gte(field, Date.from(Instant.EPOCH)))),
        Aggregates.sort(Sorts.orderBy(Sorts.descending(JobFields.BATCH_ID, field))),
        Aggregates.limit(1),
        Aggregates.project(
            Projections.fields(Projections.excludeId(), Projections.computed(STAMP, "$" + field))));
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

  private static Document literal(Object value) {
    return new Document("$literal", value);
  }
}
