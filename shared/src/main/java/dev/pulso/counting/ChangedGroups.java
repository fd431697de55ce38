package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BsonField;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.JobFields;
import dev.pulso.counting.Chunks.Candidate;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Finds the groups whose jobs may have changed since they were counted, by the last-modified times
 * of the jobs. Two walks over indexes jump from group to group (DISTINCT_SCAN), and the server
 * compares what they find with the snapshots, so only changed groups come over the wire. All groups
 * are compared now and then; in between {@link LateChanges} looks at those that changed lately.
 */
final class ChangedGroups {
  static final String CHANGED = "changed";
  static final String UPLOADED = "uploaded";
  static final String ODD = "odd";
  static final String HAS_JOBS = "jobs";
  private static final int ROWS = 1_000;

  private final Db db;
  private final JobIndexes indexes;
  private final LateChanges late;

  ChangedGroups(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
    this.late = new LateChanges(db, indexes);
  }

  /**
   * The groups that may have changed: never counted ones first, then what was counted the longest
   * ago.
   *
   * @param isOfAll whether all groups were compared
   */
  record Found(Iterable<Candidate> groups, boolean isOfAll) {}

  /**
   * Finds them.
   *
   * @param countedUntil the moment up to which a refresh has counted every change; empty: compares
   *     all groups
   */
  Found find(Optional<Instant> countedUntil, Instant midnight, Deadline deadline) {
    return countedUntil
        .filter(until -> indexes.areTimesIndexed())
        .flatMap(until -> late.find(until, midnight, deadline))
        .map(few -> new Found(few, false))
        .orElseGet(() -> new Found(ofAll(midnight, deadline), true));
  }

  private Iterable<Candidate> ofAll(Instant midnight, Deadline deadline) {
    List<Bson> pipeline = new ArrayList<>(times(deadline));
    pipeline.add(
        Aggregates.unionWith(
            db.counterSnapshots().getNamespace().getCollectionName(), snapshots(midnight)));
    pipeline.add(
        Aggregates.group(
            "$_id",
            max(CHANGED),
            max(UPLOADED),
            max(ODD),
            max(HAS_JOBS),
            max(CounterSnapshot.TAKEN_AT),
            max(CounterSnapshot.TOTAL),
            max(CounterSnapshot.SUMS_BEHIND),
            max(CounterSnapshot.COUNTED_FOR_DAY)));
    pipeline.add(Aggregates.match(mayHaveChanged(midnight)));
    pipeline.add(
        Aggregates.project(
            new Document(CounterSnapshot.TAKEN_AT, 1).append(CounterSnapshot.TOTAL, 1)));
    pipeline.add(Aggregates.sort(Sorts.ascending(CounterSnapshot.TAKEN_AT)));
    AggregateIterable<Document> rows =
        db.jobs(deadline.remaining()).aggregate(pipeline).allowDiskUse(true).batchSize(ROWS);
    return rows.map(ChangedGroups::candidate);
  }

  static Candidate candidate(Document row) {
    return new Candidate(
        JobGroup.of(row.getString("_id")),
        Lenient.time(row.get(CounterSnapshot.TAKEN_AT)),
        Lenient.count(row.get(CounterSnapshot.TOTAL)));
  }

  static BsonField max(String field) {
    return Accumulators.max(field, "$" + field);
  }

  private List<Bson> times(Deadline deadline) {
    if (!indexes.areTimesIndexed()) {
      // Whoever has to read all jobs anyway can find both times at once.
      List<Bson> both = new ArrayList<>();
      both.add(Aggregates.match(JobIndexes.OF_BATCHES));
      both.add(
          Aggregates.group(
              "$" + JobFields.BATCH_ID,
              Accumulators.max(CHANGED, "$" + JobFields.UPDATED_AT),
              Accumulators.max(UPLOADED, "$" + JobFields.CREATED_AT)));
      both.addAll(groups());
      return both;
    }
    List<Bson> times = new ArrayList<>(indexes.latest(JobIndexes.CHANGES, CHANGED, deadline));
    times.addAll(groups());
    List<Bson> uploads = new ArrayList<>(indexes.latest(JobIndexes.UPLOADS, UPLOADED, deadline));
    uploads.addAll(groups());
    times.add(Aggregates.unionWith(db.jobs().getNamespace().getCollectionName(), uploads));
    return times;
  }

  /** A job with an array of batch_ids is found by each: nothing tells cheaply when it changed. */
  static List<Bson> groups() {
    Document isOdd =
        op(
            "$or",
            new Document("$isArray", "$_id"),
            isNoTime("$" + CHANGED),
            isNoTime("$" + UPLOADED));
    return List.of(
        Aggregates.project(
            new Document(CHANGED, 1)
                .append(UPLOADED, 1)
                .append(ODD, isOdd)
                .append(HAS_JOBS, literal(true))),
        Aggregates.unwind("$_id"),
        Aggregates.match(Filters.type("_id", "string")));
  }

  /** An odd value sorts above every time and hides the latest: then the group may have changed. */
  private static Document isNoTime(String path) {
    return op("$not", op("$in", new Document("$type", path), List.of("date", "null", "missing")));
  }

  /** Returns stages that read of snapshots what is compared. */
  static List<Bson> snapshots(Instant midnight) {
    return List.of(
        Aggregates.match(JobGroup.isKeyOfBatch()),
        Aggregates.project(
            new Document("_id", "$_id.batch_id")
                .append(CounterSnapshot.TAKEN_AT, 1)
                .append(CounterSnapshot.TOTAL, 1)
                .append(CounterSnapshot.SUMS_BEHIND, 1)
                .append(CounterSnapshot.COUNTED_FOR_DAY, CounterSnapshot.countedFor(midnight))));
  }

  static Bson mayHaveChanged(Instant midnight) {
    return Filters.expr(
        op(
            "$or",
            isMissing(CounterSnapshot.TAKEN_AT),
            isMissing(HAS_JOBS),
            op("$gt", "$" + CounterSnapshot.TAKEN_AT, "$$NOW"),
            op("$eq", "$" + ODD, true),
            op("$eq", "$" + CounterSnapshot.SUMS_BEHIND, true),
            isSince(CHANGED, CounterSnapshot.TAKEN_AT, Recounter.CLOCK_SKEW),
            isSince(UPLOADED, CounterSnapshot.TAKEN_AT, LateChanges.LATENESS),
            op(
                "$and",
                op("$gte", "$" + UPLOADED, Date.from(midnight)),
                op(
                    "$or",
                    isMissing(CounterSnapshot.COUNTED_FOR_DAY),
                    isSince(UPLOADED, CounterSnapshot.COUNTED_FOR_DAY, LateChanges.LATENESS)))));
  }

  private static Document isMissing(String field) {
    return op("$lte", "$" + field, null);
  }

  /** Clocks are off, and uploads take long: a job may be written after a count of a later time. */
  private static Document isSince(String time, String count, Duration lateness) {
    return op("$gte", "$" + time, op("$subtract", "$" + count, lateness.toMillis()));
  }
}
