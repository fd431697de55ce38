package dev.pulso.counting;

import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.model.Filters;
import dev.pulso.batch.JobFields;
import dev.pulso.mongo.JobIndexes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * The jobs that are counted together: those with one batch_id, whether that batch still exists or
 * not, or those outside of any batch.
 *
 * @param batchId the batch_id; empty: jobs whose batch_id is missing, null or not a string
 */
public record JobGroup(Optional<String> batchId) {
  /** Single calls, which belong to no batch. */
  public static final JobGroup OUTSIDE = new JobGroup(Optional.empty());

  private static final String KEY = "batch_id";

  /** The jobs of a batch. */
  public static JobGroup of(String batchId) {
    return new JobGroup(Optional.of(batchId));
  }

  /** Matches the jobs of all these groups. */
  static Bson filter(Collection<JobGroup> groups) {
    if (groups.size() == 1) {
      return groups.iterator().next().filter();
    }
    List<String> batchIds = groups.stream().map(group -> group.batchId().orElseThrow()).toList();
    return Filters.in(JobFields.BATCH_ID, batchIds);
  }

  /** Those of these groups that a job with that batch_id is in: by an array, in several. */
  static Collection<JobGroup> of(Object batchId, Collection<JobGroup> groups) {
    if (groups.size() == 1) {
      return groups;
    }
    return switch (batchId) {
      case String id -> List.of(JobGroup.of(id));
      case List<?> ids ->
          groups.stream().filter(group -> ids.contains(group.batchId.get())).toList();
      case null, default -> List.of();
    };
  }

  /** Whether anybody asks for cost and length of its calls: only batches answer with these. */
  boolean hasSums() {
    return batchId.isPresent();
  }

  /** Matches snapshots of groups: other programs may have put something else beside them. */
  public static Bson isKey() {
    return Filters.or(isKeyOfBatch(), Filters.eq("_id", OUTSIDE.key()));
  }

  static Bson isKeyOfBatch() {
    Document type = new Document("$type", "$_id." + KEY);
    return Filters.expr(op("$eq", type, "string"));
  }

  /** The group of a snapshot whose {@code _id} {@link #isKey} matches. */
  public static JobGroup ofSnapshot(Document snapshot) {
    Document key = snapshot.get("_id", Document.class);
    return new JobGroup(Optional.ofNullable(key.getString(KEY)));
  }

  /** The {@code _id} of its snapshot. */
  public Document key() {
    return new Document(KEY, batchId.orElse(null));
  }

  /**
   * Matches its jobs. "Not a string" instead of "null" because an index can answer it alone: a
   * match of null makes the server fetch every document to tell a null from a missing field.
   */
  public Bson filter() {
    return batchId
        .map(id -> Filters.eq(JobFields.BATCH_ID, id))
        .orElse(Filters.not(JobIndexes.OF_BATCHES));
  }
}
