package dev.pulso.bench.lab;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** Fills a database with an installation, or with one batch like an uploader. */
public final class Loader {
  private static final int CHUNK = 2_000;
  private static final int THREADS = 3;
  private static final InsertManyOptions UNORDERED = new InsertManyOptions().ordered(false);

  private final MongoDatabase database;
  private final MongoCollection<RawBsonDocument> jobs;
  private final AtomicLong uploaded = new AtomicLong(1L << 30);

  public Loader(MongoDatabase database) {
    this.database = database;
    this.jobs = database.getCollection("jobs", RawBsonDocument.class);
  }

  /** Loads an installation with the usual indexes, unless it is loaded already. */
  public void load(Installation installation, Lab lab) {
    if (jobs.estimatedDocumentCount() == installation.jobs()) {
      lab.say("%,d jobs are loaded already", installation.jobs());
      return;
    }
    database.drop();
    long begun = System.nanoTime();
    database
        .getCollection("accounts")
        .insertMany(IntStream.range(0, installation.accounts()).mapToObj(Loader::account).toList());
    MongoCollection<Document> batches = database.getCollection("batches");
    IntStream.range(0, installation.batches())
        .mapToObj(number -> batch(installation, number))
        .gather(Gatherers.windowFixed(CHUNK))
        .forEach(batches::insertMany);
    AtomicLong next = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Stream.generate(() -> CompletableFuture.runAsync(() -> chunks(installation, next), threads))
          .limit(THREADS)
          .toList()
          .forEach(CompletableFuture::join);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    lab.say("%,d jobs in %.1f s", installation.jobs(), seconds);
    makeUsualIndexes();
  }

  /** Creates the indexes that installations have without Pulso. */
  public void makeUsualIndexes() {
    jobs.createIndex(
        Indexes.ascending("deduplication_key"), new IndexOptions().unique(true).sparse(true));
    jobs.createIndex(
        Indexes.compoundIndex(
            Indexes.ascending("account_id", "status"), Indexes.descending("created_at")));
    jobs.createIndex(Indexes.ascending("batch_id", "status"));
    database
        .getCollection("batches")
        .createIndex(Indexes.ascending("batch_id"), new IndexOptions().unique(true));
  }

  /**
   * Uploads an active batch of pending jobs in bulk.
   *
   * @return duration of inserting its jobs, in ns
   */
  public long upload(String batchId, int size) {
    database
        .getCollection("batches")
        .insertOne(
            new Document("batch_id", batchId)
                .append("account_id", Installation.accountId(0))
                .append("is_active", true)
                .append("created_at", new Date()));
    JobShape shape = new JobShape(Installation.of(1));
    long took = 0;
    for (int done = 0; done < size; done += CHUNK) {
      List<RawBsonDocument> chunk = new ArrayList<>(CHUNK);
      for (int i = done; i < Math.min(size, done + CHUNK); i++) {
        chunk.add(shape.pending(uploaded.incrementAndGet(), batchId));
      }
      took += Samples.nanos(() -> jobs.insertMany(chunk, UNORDERED));
    }
    return took;
  }

  private void chunks(Installation installation, AtomicLong next) {
    JobShape shape = new JobShape(installation);
    MongoCollection<RawBsonDocument> unsafe =
        jobs.withWriteConcern(WriteConcern.W1.withJournal(false));
    for (long from = next.getAndAdd(CHUNK);
        from < installation.jobs();
        from = next.getAndAdd(CHUNK)) {
      long to = Math.min(from + CHUNK, installation.jobs());
      unsafe.insertMany(LongStream.range(from, to).mapToObj(shape::job).toList(), UNORDERED);
    }
  }

  private static Document account(int number) {
    return new Document("account_id", Installation.accountId(number))
        .append("account_name", "Cliente " + number)
        .append("status", "active")
        .append("plan_type", "credit_based")
        .append("credit_balance", 5_200.0)
        .append("credit_reserved", 200.0);
  }

  private static Document batch(Installation installation, int number) {
    Date uploaded = Date.from(installation.uploadedAt(number, 0));
    return new Document("batch_id", Installation.batchId(number))
        .append("account_id", Installation.accountId(installation.accountOf(number, 0)))
        .append("name", "Campaña " + number)
        .append("description", "Cobranza")
        .append("is_active", installation.isActive(number))
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
        .append("completed_at", null);
  }
}
