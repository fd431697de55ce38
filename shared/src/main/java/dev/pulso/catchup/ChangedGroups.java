package dev.pulso.catchup;

import com.mongodb.client.AggregateIterable;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.recount.Recounter;
import dev.pulso.recount.Tally;
import dev.pulso.recount.TallyFields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Finds the groups whose jobs may have changed since they were counted, as far as those who change
 * jobs stamp them. Two walks over indexes jump from group to group (DISTINCT_SCAN), and the server
 * compares what they find with the tallies, so only changed groups come over the wire.
 */
final class ChangedGroups {
  static final String STAMP = "stamp";
  private static final String CHANGED = "changed";
  private static final String UPLOADED = "uploaded";
  private static final String ODD = "odd";
  private static final String HAS_JOBS = "jobs";
  private static final String COUNTED_FOR_DAY = "day_at";
  private static final int ROWS = 1_000;

  private final Db db;
  private final JobIndexes indexes;

  ChangedGroups(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /** Never counted groups first, then what was counted the longest ago. */
  Iterable<GroupLook> find(Instant midnight, Duration timeout) {
    List<Bson> pipeline = new ArrayList<>(stamps());
    pipeline.add(
        Aggregates.unionWith(db.tallies().getNamespace().getCollectionName(), tallies(midnight)));
    pipeline.add(
        Aggregates.group(
            "$_id",
            max(CHANGED),
            max(UPLOADED),
            max(ODD),
            max(HAS_JOBS),
            max(TallyFields.TAKEN_AT),
            max(TallyFields.TOTAL),
            max(TallyFields.SUMS_BEHIND),
            max(COUNTED_FOR_DAY)));
    pipeline.add(Aggregates.match(Filters.expr(mayHaveChanged(midnight))));
    pipeline.add(
        Aggregates.project(
            new Document(TallyFields.TAKEN_AT, 1)
                .append(TallyFields.TOTAL, 1)
                .append(STAMP, latestOrOdd())));
    pipeline.add(Aggregates.sort(Sorts.ascending(TallyFields.TAKEN_AT)));
    AggregateIterable<Document> rows =
        db.jobs(timeout).aggregate(pipeline).allowDiskUse(true).batchSize(ROWS);
    return rows.map(GroupLook::ofRow);
  }

  private static com.mongodb.client.model.BsonField max(String field) {
    return Accumulators.max(field, "$" + field);
  }

  private List<Bson> stamps() {
    if (!indexes.areStampsIndexed()) {
      // Whoever has to read all jobs anyway can find both stamps at once.
      List<Bson> both = new ArrayList<>();
      both.add(strings());
      both.add(
          Aggregates.group(
              "$" + JobFields.BATCH_ID,
              Accumulators.max(CHANGED, "$" + JobFields.UPDATED_AT),
              Accumulators.max(UPLOADED, "$" + JobFields.CREATED_AT)));
      both.addAll(groups());
      return both;
    }
    List<Bson> stamps = new ArrayList<>(walk(JobFields.UPDATED_AT, CHANGED));
    stamps.add(
        Aggregates.unionWith(
            db.jobs().getNamespace().getCollectionName(), walk(JobFields.CREATED_AT, UPLOADED)));
    return stamps;
  }

  private static List<Bson> walk(String field, String name) {
    List<Bson> walk = new ArrayList<>();
    walk.add(strings());
    walk.add(Aggregates.sort(Sorts.descending(JobFields.BATCH_ID, field)));
    walk.add(Aggregates.group("$" + JobFields.BATCH_ID, Accumulators.first(name, "$" + field)));
    walk.addAll(groups());
    return walk;
  }

  /** A job with an array of batch_ids is found by each: nothing tells cheaply when it changed. */
  private static List<Bson> groups() {
    Document isOdd =
        new Document(
            "$or",
            List.of(
                new Document("$isArray", "$_id"),
                isNoTime("$" + CHANGED),
                isNoTime("$" + UPLOADED)));
    return List.of(
        Aggregates.project(
            new Document(CHANGED, 1)
                .append(UPLOADED, 1)
                .append(ODD, isOdd)
                .append(HAS_JOBS, new Document("$literal", true))),
        Aggregates.unwind("$_id"),
        Aggregates.match(Filters.type("_id", "string")));
  }

  /** An odd value sorts above every time and hides the latest: then the group may have changed. */
  private static Document isNoTime(String path) {
    return new Document(
        "$not",
        List.of(
            new Document(
                "$in", List.of(new Document("$type", path), List.of("date", "null", "missing")))));
  }

  private static List<Bson> tallies(Instant midnight) {
    Document ofDay =
        Tally.days(
            new Document("$eq", List.of("$$this." + TallyFields.SINCE, Date.from(midnight))));
    Document countedAt =
        new Document(
            "$max",
            new Document(
                "$map", new Document("input", ofDay).append("in", "$$this." + TallyFields.AT)));
    return List.of(
        Aggregates.match(Filters.gte("_id.batch_id", "")),
        Aggregates.project(
            new Document("_id", "$_id.batch_id")
                .append(TallyFields.TAKEN_AT, 1)
                .append(TallyFields.TOTAL, 1)
                .append(TallyFields.SUMS_BEHIND, 1)
                .append(COUNTED_FOR_DAY, countedAt)));
  }

  private static Document mayHaveChanged(Instant midnight) {
    return new Document(
        "$or",
        List.of(
            isMissing(TallyFields.TAKEN_AT),
            isMissing(HAS_JOBS),
            new Document("$eq", List.of("$" + ODD, true)),
            new Document("$eq", List.of("$" + TallyFields.SUMS_BEHIND, true)),
            isSince(CHANGED, TallyFields.TAKEN_AT),
            isSince(UPLOADED, TallyFields.TAKEN_AT),
            new Document(
                "$and",
                List.of(
                    new Document("$gte", List.of("$" + UPLOADED, Date.from(midnight))),
                    new Document(
                        "$or",
                        List.of(
                            isMissing(COUNTED_FOR_DAY), isSince(UPLOADED, COUNTED_FOR_DAY)))))));
  }

  private static Document isMissing(String field) {
    return new Document("$lte", Arrays.asList("$" + field, null));
  }

  /** Clocks of those who stamp are off: what is stamped a little before a count may be later. */
  private static Document isSince(String stamp, String count) {
    return new Document(
        "$gte",
        List.of(
            "$" + stamp,
            new Document(
                "$subtract", List.of("$" + count, Recounter.STAMPS_MAY_BE_OFF.toMillis()))));
  }

  private static Document latestOrOdd() {
    return new Document(
        "$cond",
        List.of(
            new Document("$eq", List.of("$" + ODD, true)),
            true,
            new Document("$max", List.of("$" + CHANGED, "$" + UPLOADED))));
  }

  private static Bson strings() {
    return Aggregates.match(Filters.gte(JobFields.BATCH_ID, ""));
  }
}
