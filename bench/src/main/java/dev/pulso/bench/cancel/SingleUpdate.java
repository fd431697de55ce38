package dev.pulso.bench.cancel;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import org.bson.Document;

/** A cancel as most people write it: the batch is marked, and one updateMany does the jobs. */
final class SingleUpdate {
  private final MongoCollection<Document> batches;
  private final MongoCollection<Document> jobs;

  SingleUpdate(MongoDatabase database) {
    this.batches = database.getCollection("batches");
    this.jobs = database.getCollection("jobs");
  }

  /** Cancels and says how many jobs. */
  long cancel(String batchId) {
    batches.updateOne(
        Filters.eq("batch_id", batchId),
        Updates.combine(
            Updates.set("is_active", false),
            Updates.currentDate("completed_at"),
            Updates.currentDate("updated_at")));
    return jobs.updateMany(
            Filters.and(
                Filters.eq("batch_id", batchId), Filters.in("status", "pending", "scheduled")),
            Updates.combine(
                Updates.set("status", "cancelled"),
                Updates.set("cancellation_reason", "Batch cancelled"),
                Updates.currentDate("updated_at")))
        .getModifiedCount();
  }
}
