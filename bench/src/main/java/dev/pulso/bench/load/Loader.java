package dev.pulso.bench.load;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertManyOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** Fills a database with an installation, as fast as the server takes it. */
public final class Loader {
  private static final int CHUNK = 2_000;
  private static final int THREADS = 3;

  private final MongoDatabase database;
  private final PrintStream out;

  public Loader(MongoDatabase database, PrintStream out) {
    this.database = database;
    this.out = out;
  }

  /** Loads it, unless one of that size is there; the usual indexes are there afterwards. */
  public void load(Installation installation) {
    if (database.getCollection("jobs").estimatedDocumentCount() == installation.jobs()) {
      out.printf("%-30s %,d are there already%n", "jobs", installation.jobs());
      return;
    }
    database.drop();
    accounts(installation);
    batches(installation);
    jobs(installation);
    long begun = System.nanoTime();
    UsualIndexes.make(database);
    out.printf("%-30s %.1f s%n", "the usual indexes", (System.nanoTime() - begun) / 1e9);
  }

  private void accounts(Installation installation) {
    List<Document> accounts = new ArrayList<>();
    for (int i = 0; i < installation.accounts(); i++) {
      accounts.add(
          new Document("account_id", Installation.accountId(i))
              .append("account_name", "Cliente " + i)
              .append("status", "active")
              .append("plan_type", "credit_based")
              .append("credit_balance", 5_200.0)
              .append("credit_reserved", 200.0));
    }
    database.getCollection("accounts").insertMany(accounts);
  }

  private void batches(Installation installation) {
    List<Document> batches = new ArrayList<>();
    for (int i = 0; i < installation.batches(); i++) {
      Date uploaded = Date.from(installation.uploadedAt(i, 0));
      batches.add(
          new Document("batch_id", Installation.batchId(i))
              .append("account_id", Installation.accountId(installation.accountOf(i, 0)))
              .append("name", "Campaña " + i)
              .append("description", "Cobranza")
              .append("is_active", installation.isActive(i))
              .append("priority", 1)
              .append("total_jobs", 0)
              .append("pending_jobs", 0)
              .append("completed_jobs", 0)
              .append("failed_jobs", 0)
              .append("suspended_jobs", 0)
              .append("total_cost", 0.0)
              .append("total_minutes", 0.0)
              .append("call_settings", new Document("timezone", "America/Santiago"))
              .append("created_at", uploaded)
              .append("started_at", uploaded)
              .append("completed_at", null));
      if (batches.size() == CHUNK || i == installation.batches() - 1) {
        database.getCollection("batches").insertMany(batches);
        batches.clear();
      }
    }
  }

  private void jobs(Installation installation) {
    MongoCollection<RawBsonDocument> jobs =
        database
            .getCollection("jobs", RawBsonDocument.class)
            .withWriteConcern(WriteConcern.W1.withJournal(false));
    Progress progress = new Progress(out, "jobs", installation.jobs());
    AtomicLong next = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        workers.add(threads.submit(() -> chunks(installation, jobs, next, progress)));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while loading", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("loading failed", e.getCause());
    }
    progress.end();
  }

  private static void chunks(
      Installation installation,
      MongoCollection<RawBsonDocument> jobs,
      AtomicLong next,
      Progress progress) {
    JobShape shape = new JobShape(installation);
    InsertManyOptions unordered = new InsertManyOptions().ordered(false);
    while (true) {
      long from = next.getAndAdd(CHUNK);
      long to = Math.min(from + CHUNK, installation.jobs());
      if (from >= to) {
        return;
      }
      List<RawBsonDocument> chunk = new ArrayList<>(CHUNK);
      for (long i = from; i < to; i++) {
        chunk.add(shape.job(i));
      }
      jobs.insertMany(chunk, unordered);
      progress.add(to - from);
    }
  }
}
