package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Facet;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WindowOutputFields;
import com.mongodb.client.model.Windows;
import com.mongodb.client.model.Windows.Bound;
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
 * Finds the changed groups among those whose latest times are of after the last refresh, or a
 * little before. The walks are the same as over all groups, but the server compares only few of
 * them with snapshots. What that could miss is noticed by the number of groups: then all have to be
 * compared.
 */
final class LateChanges {
  /**
   * A job may be written so long after the time that it carries: a program takes the time once, and
   * then inserts many.
   */
  static final Duration LATENESS = Duration.ofMinutes(10);

  /** Of more groups, all are compared: looking each up would cost more. */
  private static final int MOST = 5_000;

  private static final String SNAPSHOT = "snapshot";
  private static final String KEY = "key";
  private static final String FEW = "few";
  private static final String ALL = "all";
  private static final String GROUPS = "groups";

  /** How many rows there are to compare, with that of the number of groups. */
  private static final String FOUND = "found";

  /** The {@code _id} of the row with the number of groups: no batch_id. */
  private static final boolean NUMBER = false;

  private final Db db;
  private final JobIndexes indexes;
  private final int most;

  LateChanges(Db db, JobIndexes indexes) {
    this(db, indexes, MOST);
  }

  /**
   * @param most of more groups, all are compared
   */
  LateChanges(Db db, JobIndexes indexes, int most) {
    this.db = db;
    this.indexes = indexes;
    this.most = most;
  }

  /**
   * Finds the changed groups: never counted ones first, then what was counted the longest ago.
   *
   * @param countedUntil the moment up to which a refresh has counted every change
   * @return empty when they are many, or a group has appeared or disappeared without a late time
   */
  Optional<List<Candidate>> find(Instant countedUntil, Instant midnight, Deadline deadline) {
    long counted = counted(deadline);
    long groups = 0;
    long found = 0;
    List<Candidate> changed = new ArrayList<>();
    List<Bson> pipeline = pipeline(countedUntil.minus(LATENESS), midnight, deadline);
    for (Document row : db.jobs(deadline.remaining()).aggregate(pipeline).batchSize(most + 2)) {
      if (row.get("_id") instanceof String) {
        changed.add(ChangedGroups.candidate(row));
      } else {
        groups = Lenient.count(row.get(GROUPS));
        found = Lenient.count(row.get(FOUND)) - 1;
      }
    }
    long added = changed.stream().filter(group -> group.takenAt().isEmpty()).count();
    return found > most || counted + added != groups ? Optional.empty() : Optional.of(changed);
  }

  /** How many groups have a snapshot, single calls left out. */
  private long counted(Deadline deadline) {
    MongoCollection<Document> snapshots = Db.within(deadline.remaining(), db.counterSnapshots());
    Bson isCounted = Filters.gt(CounterSnapshot.TAKEN_AT, Date.from(Instant.EPOCH));
    Bson outside = Filters.and(Filters.eq("_id", JobGroup.OUTSIDE.key()), isCounted);
    return snapshots.countDocuments(isCounted) - snapshots.countDocuments(outside);
  }

  private List<Bson> pipeline(Instant since, Instant midnight, Deadline deadline) {
    Bson isNumber = Filters.eq("_id", NUMBER);
    List<Bson> pipeline =
        new ArrayList<>(indexes.latest(JobIndexes.CHANGES, ChangedGroups.CHANGED, deadline));
    pipeline.addAll(few(ChangedGroups.CHANGED, since));
    pipeline.add(
        Aggregates.unionWith(
            db.jobs().getNamespace().getCollectionName(), uploads(since, deadline)));
    pipeline.add(Aggregates.unionWith(snapshots(), sumsBehind()));
    pipeline.add(
        Aggregates.group(
            "$_id",
            ChangedGroups.max(ChangedGroups.CHANGED),
            ChangedGroups.max(ChangedGroups.UPLOADED),
            ChangedGroups.max(ChangedGroups.ODD),
            ChangedGroups.max(ChangedGroups.HAS_JOBS),
            ChangedGroups.max(GROUPS)));
    pipeline.add(
        Aggregates.setWindowFields(
            null,
            null,
            WindowOutputFields.count(FOUND, Windows.documents(Bound.UNBOUNDED, Bound.UNBOUNDED))));
    pipeline.add(Aggregates.match(Filters.or(isNumber, Filters.lte(FOUND, most + 1))));
    pipeline.addAll(withSnapshots(midnight));
    pipeline.add(Aggregates.match(Filters.or(isNumber, ChangedGroups.mayHaveChanged(midnight))));
    pipeline.add(
        Aggregates.project(
            new Document(CounterSnapshot.TAKEN_AT, 1)
                .append(CounterSnapshot.TOTAL, 1)
                .append(GROUPS, 1)
                .append(FOUND, 1)));
    pipeline.add(Aggregates.sort(Sorts.ascending(CounterSnapshot.TAKEN_AT)));
    return pipeline;
  }

  private String snapshots() {
    return db.counterSnapshots().getNamespace().getCollectionName();
  }

  /** Returns stages that pass groups with a late time on, and those without a usable one. */
  private List<Bson> few(String name, Instant since) {
    List<Bson> few = new ArrayList<>();
    few.add(
        Aggregates.match(
            Filters.or(
                Filters.gte(name, Date.from(since)),
                Filters.not(new Document(name, op("$type", "date", "null"))),
                Filters.type("_id", "array"))));
    few.addAll(ChangedGroups.groups());
    few.add(Aggregates.limit(most + 1));
    return few;
  }

  /** The walk that also counts the groups. */
  private List<Bson> uploads(Instant since, Deadline deadline) {
    List<Bson> stages =
        new ArrayList<>(indexes.latest(JobIndexes.UPLOADS, ChangedGroups.UPLOADED, deadline));
    stages.add(
        Aggregates.facet(
            new Facet(FEW, few(ChangedGroups.UPLOADED, since)),
            new Facet(
                ALL,
                Aggregates.count(GROUPS),
                Aggregates.project(new Document("_id", literal(NUMBER)).append(GROUPS, 1)))));
    stages.add(Aggregates.project(new Document(ALL, op("$concatArrays", "$" + ALL, "$" + FEW))));
    stages.add(Aggregates.unwind("$" + ALL));
    stages.add(Aggregates.replaceRoot("$" + ALL));
    return stages;
  }

  private static List<Bson> sumsBehind() {
    return List.of(
        Aggregates.match(
            Filters.and(Filters.eq(CounterSnapshot.SUMS_BEHIND, true), JobGroup.isKeyOfBatch())),
        Aggregates.project(
            new Document("_id", "$_id.batch_id").append(ChangedGroups.HAS_JOBS, literal(true))));
  }

  /** Returns stages that add to each group what its snapshot says, if there is one. */
  private List<Bson> withSnapshots(Instant midnight) {
    return List.of(
        new Document("$set", new Document(KEY, new Document(JobFields.BATCH_ID, "$_id"))),
        new Document(
            "$lookup",
            new Document("from", snapshots())
                .append("localField", KEY)
                .append("foreignField", "_id")
                .append("pipeline", ChangedGroups.snapshots(midnight))
                .append("as", SNAPSHOT)),
        Aggregates.replaceWith(
            op("$mergeObjects", new Document("$first", "$" + SNAPSHOT), "$$ROOT")));
  }
}
