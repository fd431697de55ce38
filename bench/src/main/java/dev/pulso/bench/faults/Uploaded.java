package dev.pulso.bench.faults;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * A batch as uploaded, with copies of all jobs for comparison.
 *
 * @param id its batch_id
 * @param jobs its jobs by _id
 */
record Uploaded(String id, Map<Object, Document> jobs) {
  private static final List<String> MIX =
      List.of(
          "pending", "pending", "pending", "pending", "scheduled", "done", "failed", "in_progress");

  /** Uploads a batch; seven of eight jobs are waiting or in progress. */
  static Uploaded into(MongoDatabase database, String id, int size) {
    Date now = new Date();
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", id)
                .append("account_id", "acc-chile-001")
                .append("is_active", true)
                .append("call_settings", new Document("lines", 4))
                .append("created_at", now));
    Map<Object, Document> jobs = new HashMap<>();
    List<Document> chunk = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Document job =
          new Document("_id", id + "/" + i)
              .append("batch_id", id)
              .append("account_id", "acc-chile-001")
              .append("status", MIX.get(i % MIX.size()))
              .append("contact", new Document("name", "José " + i))
              .append("payload", new Document("debt_amount", 1_000.5 * i))
              .append("attempts", 0)
              .append("created_at", now)
              .append("updated_at", now);
      jobs.put(job.get("_id"), job);
      chunk.add(job);
    }
    database.getCollection("jobs").insertMany(chunk);
    return new Uploaded(id, jobs);
  }
}
