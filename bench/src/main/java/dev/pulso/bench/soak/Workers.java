package dev.pulso.bench.soak;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Updates;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/** Finishes jobs at a steady pace, as dialer workers do: the job, then the batch's own counters. */
final class Workers {
  private static final Document CALL =
      new Document("duration_ms", 61_250)
          .append("call_cost", new Document("combined_cost", 12.345))
          .append("transcript", "Agent: Buenos dias. User: No, gracias.");

  private final MongoCollection<Document> jobs;
  private final MongoCollection<Document> batches;
  private final List<String> batchIds;
  private final List<TruthLog> truth;
  private final int perSecond;

  Workers(MongoDatabase database, List<String> batchIds, List<TruthLog> truth, int perSecond) {
    this.jobs = database.getCollection("jobs");
    this.batches = database.getCollection("batches");
    this.batchIds = batchIds;
    this.truth = truth;
    this.perSecond = perSecond;
  }

  /** Works on every so-many-th batch until told to stop. */
  long work(int worker, int workers, Stop stop) {
    long pause = 1_000_000_000L * workers / perSecond;
    long next = System.nanoTime();
    long done = 0;
    int batch = worker;
    while (!stop.isDue()) {
      LockSupport.parkNanos(next - System.nanoTime());
      next += pause;
      finishOne(batch);
      done++;
      batch = batch + workers < batchIds.size() ? batch + workers : worker;
    }
    return done;
  }

  private void finishOne(int batch) {
    TruthLog log = truth.get(batch);
    log.beginChange();
    Document job =
        jobs.findOneAndUpdate(
            Filters.and(
                Filters.eq("batch_id", batchIds.get(batch)), Filters.eq("status", "pending")),
            Updates.combine(
                Updates.set("status", "done"),
                Updates.currentDate("finished_at"),
                Updates.currentDate("call_ended_at"),
                Updates.currentDate("updated_at"),
                Updates.set("call_result", CALL)),
            new FindOneAndUpdateOptions().projection(Projections.include("_id")));
    if (job == null) {
      throw new IllegalStateException("the jobs of " + batchIds.get(batch) + " are used up");
    }
    log.endChange();
    batches.updateOne(
        Filters.eq("batch_id", batchIds.get(batch)),
        Updates.combine(Updates.inc("completed_jobs", 1), Updates.inc("total_cost", 0.2)));
  }

  /** Says when it is over. */
  @FunctionalInterface
  interface Stop {
    boolean isDue();
  }
}
