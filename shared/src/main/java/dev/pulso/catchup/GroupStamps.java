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
  private static final String LATEST = "latest";

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
    private static final Stamps NONE = new Stamps(Instant.EPOCH, Instant.EPOCH);

    Instant latest() {
      return changed.isAfter(uploaded) ? changed : uploaded;
    }
  }

  /** Every batch_id that jobs carry, with its latest stamps. */
  Map<String, Stamps> read(Duration timeout) {
    Map<String, Stamps> groups = new HashMap<>();
    if (!indexes.areStampsIndexed()) {
      // Without the indexes only the groups can be had cheaply, not when they changed.
      for (Document row : aggregate(List.of(strings(), Aggregates.group(batchId())), timeout)) {
        groups.put(row.getString("_id"), Stamps.NONE);
      }
      return groups;
    }
    latest(JobFields.UPDATED_AT, timeout)
        .forEach((id, at) -> groups.put(id, new Stamps(at, Instant.EPOCH)));
    latest(JobFields.CREATED_AT, timeout)
        .forEach(
            (id, at) ->
                groups.merge(
                    id,
                    new Stamps(Instant.EPOCH, at),
                    (a, b) -> new Stamps(a.changed, b.uploaded)));
    return groups;
  }

  private Map<String, Instant> latest(String field, Duration timeout) {
    Map<String, Instant> latest = new HashMap<>();
    List<Bson> pipeline =
        List.of(
            strings(),
            Aggregates.sort(Sorts.descending(JobFields.BATCH_ID, field)),
            Aggregates.group(batchId(), Accumulators.first(LATEST, "$" + field)));
    for (Document row : aggregate(pipeline, timeout)) {
      latest.put(row.getString("_id"), stamp(row.get(LATEST)));
    }
    return latest;
  }

  /** An odd value sorts above every time and hides the latest: then the group may have changed. */
  private static Instant stamp(Object value) {
    return value == null ? Instant.EPOCH : Lenient.time(value).orElse(Instant.MAX);
  }

  private Iterable<Document> aggregate(List<Bson> pipeline, Duration timeout) {
    return db.jobs(timeout).aggregate(pipeline).batchSize(10_000);
  }

  private static Bson strings() {
    return Aggregates.match(Filters.gte(JobFields.BATCH_ID, ""));
  }

  private static String batchId() {
    return "$" + JobFields.BATCH_ID;
  }
}
