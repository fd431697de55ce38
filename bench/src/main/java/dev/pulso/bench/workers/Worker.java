package dev.pulso.bench.workers;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * A dialer worker: reads the active batches, claims a job, calls, and stores the result. A process
 * runs sixteen of them until its standard input ends, finishes the calls in progress, and prints
 * its number of claims.
 */
final class Worker {
  private static final int WORKERS = 16;

  /** An additional field: when the worker had read the batch, in ms since the epoch. */
  static final String LOOKED_AT = "race_looked_at";

  private static final int CLAIMS_PER_LOOK = 5;
  private static final long LONGEST_CALL_MS = 400;

  private final MongoCollection<Document> batches;
  private final MongoCollection<Document> jobs;
  private final Random random;

  Worker(MongoDatabase database, long seed) {
    batches = database.getCollection("batches");
    jobs = database.getCollection("jobs");
    random = new Random(seed);
  }

  /**
   * @param arguments connection string, database, seed
   */
  public static void main(String[] arguments) throws Exception {
    AtomicBoolean working = new AtomicBoolean(true);
    AtomicLong claims = new AtomicLong();
    try (MongoClient client = MongoClients.create(arguments[0])) {
      MongoDatabase database = client.getDatabase(arguments[1]);
      try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
        for (int i = 0; i < WORKERS; i++) {
          Worker worker = new Worker(database, Long.parseLong(arguments[2]) * WORKERS + i);
          threads.submit(
              () -> {
                while (working.get()) {
                  claims.addAndGet(worker.round());
                }
                return null;
              });
        }
        while (System.in.read() >= 0) {
          // The parent sends nothing, and closes the pipe to stop this process.
        }
        working.set(false);
      }
    }
    System.out.println("claimed " + claims.get());
  }

  /** Reads the batches once, claims and calls a few times, and returns its number of claims. */
  private int round() {
    long lookedAt = System.currentTimeMillis();
    List<String> active = new ArrayList<>();
    batches
        .find(eq("is_active", true))
        .projection(new Document("batch_id", 1))
        .forEach(batch -> active.add(batch.getString("batch_id")));
    int claimed = 0;
    for (int i = 0; i < CLAIMS_PER_LOOK; i++) {
      Document job = active.isEmpty() ? null : claim(active, lookedAt);
      pause();
      if (job != null) {
        claimed++;
        end(job);
      }
    }
    return claimed;
  }

  private Document claim(List<String> active, long lookedAt) {
    Date now = new Date();
    return jobs.findOneAndUpdate(
        and(
            in("batch_id", active),
            or(
                eq("status", "pending"),
                and(eq("status", "failed"), lte("attempts", 2), lte("next_try_at", now)))),
        combine(
            set("status", "in_progress"),
            set("started_at", now),
            set("updated_at", now),
            set(LOOKED_AT, lookedAt),
            inc("attempts", 1)));
  }

  private void end(Document job) {
    Date now = new Date();
    double cents = random.nextInt(100_000) / 1_000.0;
    Document call =
        new Document("duration_ms", random.nextInt(240_000))
            .append("call_cost", new Document("combined_cost", cents));
    Bson result =
        switch (random.nextInt(6)) {
          case 0, 1 ->
              combine(set("status", "done"), set("finished_at", now), set("call_result", call));
          case 2 ->
              combine(
                  set("status", "completed"),
                  set("completed_at", now),
                  set("call_result", new Document("summary", call)));
          case 3 -> combine(set("status", "failed"), set("call_ended_at", now));
          case 4 -> combine(set("status", "suspended"), set("call_ended_at", now));
          default -> combine(set("status", "pending"), set("next_try_at", now));
        };
    jobs.updateOne(
        and(eq("_id", job.get("_id")), eq("status", "in_progress")),
        combine(result, set("updated_at", now)));
    batches.updateOne(
        eq("batch_id", job.getString("batch_id")),
        combine(inc("total_cost", cents / 100), inc("completed_jobs", 1)));
  }

  private void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(LONGEST_CALL_MS)));
  }
}
