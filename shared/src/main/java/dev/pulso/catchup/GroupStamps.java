package dev.pulso.catchup;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import dev.pulso.job.JobFields;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.mongo.Lenient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Finds all groups and when each last changed, as far as those who change jobs stamp them. Two
 * walks over indexes that jump from group to group (DISTINCT_SCAN), whatever the number of jobs.
 */
final class GroupStamps {
  private static final String CHANGED = "changed";
  private static final String UPLOADED = "uploaded";

  private final Db db;
  private final JobIndexes indexes;

  GroupStamps(Db db, JobIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /**
   * The latest stamps of a group.
   *
   * @param changed the latest updated_at
   * @param uploaded the latest created_at
   */
  record Stamps(Instant changed, Instant uploaded) {
    private static final Stamps ANY = new Stamps(Instant.MAX, Instant.MAX);

    Instant latest() {
      return later(changed, uploaded);
    }

    private static Stamps latest(Stamps a, Stamps b) {
      return new Stamps(later(a.changed, b.changed), later(a.uploaded, b.uploaded));
    }

    private static Instant later(Instant a, Instant b) {
      return a.isAfter(b) ? a : b;
    }
  }

  /** Every batch_id that jobs carry, with its latest stamps. */
  Map<String, Stamps> read(Duration timeout) {
    Map<String, Stamps> groups = new HashMap<>();
    if (!indexes.areStampsIndexed()) {
      // Whoever has to read all jobs anyway can find both stamps at once.
      Bson latest =
          Aggregates.group(
              batchId(),
              Accumulators.max(CHANGED, "$" + JobFields.UPDATED_AT),
              Accumulators.max(UPLOADED, "$" + JobFields.CREATED_AT));
      add(groups, List.of(strings(), latest), timeout);
      return groups;
    }
    add(groups, latest(JobFields.UPDATED_AT, CHANGED), timeout);
    add(groups, latest(JobFields.CREATED_AT, UPLOADED), timeout);
    return groups;
  }

  private static List<Bson> latest(String field, String name) {
    return List.of(
        strings(),
        Aggregates.sort(Sorts.descending(JobFields.BATCH_ID, field)),
        Aggregates.group(batchId(), Accumulators.first(name, "$" + field)));
  }

  private void add(Map<String, Stamps> groups, List<Bson> pipeline, Duration timeout) {
    for (Document row : db.jobs(timeout).aggregate(pipeline).batchSize(10_000)) {
      switch (row.get("_id")) {
        case String id ->
            groups.merge(
                id, new Stamps(stamp(row.get(CHANGED)), stamp(row.get(UPLOADED))), Stamps::latest);
        // A job with an array of batch_ids is found by each: nothing tells cheaply when it changed.
        case List<?> ids ->
            Lenient.texts(ids).forEach(id -> groups.merge(id, Stamps.ANY, Stamps::latest));
        default -> throw new IllegalStateException("a batch_id that is no string matched as one");
      }
    }
  }

  /** An odd value sorts above every time and hides the latest: then the group may have changed. */
  private static Instant stamp(Object value) {
    return value == null ? Instant.EPOCH : Lenient.time(value).orElse(Instant.MAX);
  }

  private static Bson strings() {
    return Aggregates.match(Filters.gte(JobFields.BATCH_ID, ""));
  }

  private static String batchId() {
    return "$" + JobFields.BATCH_ID;
  }
}
