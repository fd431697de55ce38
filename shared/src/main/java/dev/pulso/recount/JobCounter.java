package dev.pulso.recount;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.pulso.job.JobFields;
import dev.pulso.job.JobStatus;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final long LARGE = 20_000;

  private static final String KIND = "kind";
  private static final String STATUS = "s";
  private static final String ACCOUNT = "a";
  private static final String COUNT = "n";
  private static final String STAMP = "at";
  private static final String COUNTED = "count";
  private static final String TODAY = "today";

  private final Db db;
  private final JobIndexes indexes;

  JobCounter(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  JobCounts count(ClientSession session, Tally before, Instant midnight, Duration timeout) {
    JobGroup group = before.group();
    Optional<String> account = before.soleAccount().filter(id -> before.total() >= LARGE);
    List<Bson> pipeline = new ArrayList<>();
    if (account.isPresent()) {
      byEquality(group, account.get()).forEach(part -> append(pipeline, part));
    } else {
      append(pipeline, byGroup(group.filter()));
    }
    append(pipeline, createdSince(group, midnight));
    append(pipeline, latest(group, JobFields.UPDATED_AT));
    append(pipeline, latest(group, JobFields.CREATED_AT));
    AggregateIterable<Document> rows = db.jobs(timeout).aggregate(session, pipeline);
    indexes.figuresHint().ifPresent(rows::hintString);
    return read(rows);
  }

  private void append(List<Bson> pipeline, List<Bson> part) {
    if (pipeline.isEmpty()) {
      pipeline.addAll(part);
    } else {
      pipeline.add(Aggregates.unionWith(db.jobs().getNamespace().getCollectionName(), part));
    }
  }

  private static List<Bson> byGroup(Bson filter) {
    return List.of(
        Aggregates.match(filter),
        Aggregates.group(
            new Document(STATUS, "$" + JobFields.STATUS)
                .append(ACCOUNT, "$" + JobFields.ACCOUNT_ID),
            Accumulators.sum(COUNT, 1)),
        row(COUNTED, "$_id." + STATUS, "$_id." + ACCOUNT, "$" + COUNT));
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
              row(COUNTED, literal(status), literal(account), "$" + COUNT)));
    }
    parts.add(
        byGroup(
            Filters.and(group.filter(), Filters.nin(JobFields.STATUS, JobStatus.ALL), ofAccount)));
    parts.add(byGroup(Filters.and(group.filter(), Filters.ne(JobFields.ACCOUNT_ID, account))));
    return parts;
  }

  private static List<Bson> createdSince(JobGroup group, Instant midnight) {
    return List.of(
        Aggregates.match(
            Filters.and(group.filter(), Filters.gte(JobFields.CREATED_AT, Date.from(midnight)))),
        Aggregates.group("$" + JobFields.ACCOUNT_ID, Accumulators.sum(COUNT, 1)),
        row(TODAY, literal(null), "$_id", "$" + COUNT));
  }

  private static List<Bson> latest(JobGroup group, String field) {
    return List.of(
        Aggregates.match(Filters.and(group.filter(), Filters.gte(field, Date.from(Instant.EPOCH)))),
        Aggregates.sort(Sorts.orderBy(Sorts.descending(JobFields.BATCH_ID, field))),
        Aggregates.limit(1),
        Aggregates.project(
            Projections.fields(Projections.excludeId(), Projections.computed(STAMP, "$" + field))));
  }

  private static Bson row(String kind, Object status, Object account, Object count) {
    return Aggregates.project(
        Projections.fields(
            Projections.excludeId(),
            Projections.computed(KIND, literal(kind)),
            Projections.computed(STATUS, status),
            Projections.computed(ACCOUNT, account),
            Projections.computed(COUNT, count)));
  }

  private static Document literal(Object value) {
    return new Document("$literal", value);
  }

  private static JobCounts read(Iterable<Document> rows) {
    Map<String, Long> all = new HashMap<>();
    Map<Optional<String>, Map<String, Long>> byAccount = new HashMap<>();
    Map<Optional<String>, Long> today = new HashMap<>();
    Instant latest = Instant.EPOCH;
    for (Document row : rows) {
      Optional<Instant> stamp = Lenient.time(row.get(STAMP));
      if (stamp.isPresent()) {
        latest = stamp.get().isAfter(latest) ? stamp.get() : latest;
        continue;
      }
      Optional<String> account = Lenient.text(row.get(ACCOUNT));
      long count = Lenient.count(row.get(COUNT));
      if (TODAY.equals(row.get(KIND))) {
        today.merge(account, count, Long::sum);
      } else if (COUNTED.equals(row.get(KIND)) && count > 0) {
        String status = Lenient.text(row.get(STATUS)).orElse("");
        all.merge(status, count, Long::sum);
        byAccount.computeIfAbsent(account, a -> new HashMap<>()).merge(status, count, Long::sum);
      }
    }
    List<AccountCounts> accounts = new ArrayList<>();
    byAccount.forEach(
        (account, counts) ->
            accounts.add(
                new AccountCounts(
                    account, StatusCounts.of(counts), today.getOrDefault(account, 0L))));
    accounts.sort((a, b) -> a.accountId().orElse("").compareTo(b.accountId().orElse("")));
    return new JobCounts(StatusCounts.of(all), accounts, latest);
  }
}
