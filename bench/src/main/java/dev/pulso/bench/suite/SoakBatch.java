package dev.pulso.bench.suite;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import org.bson.Document;

/**
 * A batch whose jobs finish one by one, as by dialer workers: first the job, then the batch's
 * counters.
 */
final class SoakBatch {
  private static final Document CALL =
      new Document("duration_ms", 61_250)
          .append("call_cost", new Document("combined_cost", 12.345))
          .append("transcript", "Agent: Buenos dias. User: No, gracias.");

  private final MongoDatabase database;
  private final String id;
  private final TruthLog truth;

  /**
   * @param jobs maximum number of finished jobs
   */
  SoakBatch(MongoDatabase database, String id, int jobs) {
    this.database = database;
    this.id = id;
    this.truth = new TruthLog(jobs);
  }

  String id() {
    return id;
  }

  TruthLog truth() {
    return truth;
  }

  /** Finishes a job. Called by one thread at a time. */
  void finishJob() {
    truth.beginChange();
    Document job =
        database
            .getCollection("jobs")
            .findOneAndUpdate(
                Filters.and(Filters.eq("batch_id", id), Filters.eq("status", "pending")),
                Updates.combine(
                    Updates.set("status", "done"),
                    Updates.currentDate("finished_at"),
                    Updates.currentDate("call_ended_at"),
                    Updates.currentDate("updated_at"),
                    Updates.set("call_result", CALL)),
                new FindOneAndUpdateOptions().projection(Projections.include("_id")));
    if (job == null) {
      throw new IllegalStateException("the jobs of " + id + " are used up");
    }
    truth.endChange();
    database
        .getCollection("batches")
        .updateOne(
            Filters.eq("batch_id", id),
            Updates.combine(Updates.inc("completed_jobs", 1), Updates.inc("total_cost", 0.2)));
  }
}
