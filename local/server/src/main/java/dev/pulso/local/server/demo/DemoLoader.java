package dev.pulso.local.server.demo;

import com.mongodb.WriteConcern;
import com.mongodb.client.model.InsertManyOptions;
import dev.pulso.local.server.demo.BatchPlan.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bson.Document;

/** Writes the demo in bulk: this thread makes documents while others insert them. */
final class DemoLoader {
  private static final long SEED = 20_251_015;
  private static final int CHUNK = 2_000;
  private static final int SINGLE_CALLS = 800;
  private static final int CALLS_OF_A_DELETED_BATCH = 600;
  private static final List<String> STATUSES_OF_CALLS =
      List.of("done", "completed", "failed", "done", "completed");

  private final DemoCollections collections;
  private final Instant now;
  private final Random random = new Random(SEED);
  private final JobDocuments jobs;
  private final List<CompletableFuture<?>> inserts = new ArrayList<>();
  private List<Document> chunk = new ArrayList<>(CHUNK);
  private int count;

  DemoLoader(DemoCollections collections, Instant now) {
    this.collections = collections;
    this.now = now;
    this.jobs = new JobDocuments(random, now);
  }

  int load() {
    collections
        .accounts()
        .insertMany(DemoAccount.all().stream().map(account -> account.document(now)).toList());
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      BatchDocuments batches = new BatchDocuments(random);
      for (BatchPlan plan : BatchPlan.all()) {
        Document batch = batches.document(plan, now, BatchDocuments.DEMO);
        collections.batches().insertOne(batch);
        auditEntry(plan, batch).ifPresent(collections.auditLog()::insertOne);
        if (plan.state() != State.ARCHIVED) {
          addJobsOf(plan, batch, writers);
        }
      }
      addCallsWithoutBatch(writers);
      flush(writers);
      CompletableFuture.allOf(inserts.toArray(CompletableFuture[]::new)).join();
    }
    return count;
  }

  private void addJobsOf(BatchPlan plan, Document batch, ExecutorService writers) {
    Optional<String> batchId = Optional.of(batch.getString("batch_id"));
    Instant from = batch.getDate("created_at").toInstant();
    Date completedAt = batch.getDate("completed_at");
    Instant until = completedAt == null ? now : completedAt.toInstant();
    plan.jobs()
        .forEach(
            (status, number) -> {
              for (int i = 0; i < number; i++) {
                Document job =
                    jobs.job(plan.account(), batchId, status, from, until, plan.reason());
                add(plan.state() == State.OLD_SHAPE ? JobDocuments.oldShape(job) : job, writers);
              }
            });
  }

  private void addCallsWithoutBatch(ExecutorService writers) {
    List<DemoAccount> accounts = DemoAccount.all();
    Optional<String> deleted = Optional.of("batch-20250101-deadbeef");
    for (int i = 0; i < SINGLE_CALLS + CALLS_OF_A_DELETED_BATCH; i++) {
      Instant from = now.minus(Duration.ofMinutes(5 + random.nextInt(4_000)));
      add(
          jobs.job(
              accounts.get(i % accounts.size()),
              i < SINGLE_CALLS ? Optional.empty() : deleted,
              STATUSES_OF_CALLS.get(i % STATUSES_OF_CALLS.size()),
              from,
              from.plusSeconds(240),
              Optional.empty()),
          writers);
    }
  }

  private void add(Document job, ExecutorService writers) {
    chunk.add(job);
    count++;
    if (chunk.size() == CHUNK) {
      flush(writers);
    }
  }

  /** Only the final marker waits for the disk; it covers these writes. */
  private void flush(ExecutorService writers) {
    List<Document> full = chunk;
    chunk = new ArrayList<>(CHUNK);
    inserts.add(
        CompletableFuture.runAsync(
            () ->
                collections
                    .jobs()
                    .withWriteConcern(WriteConcern.W1)
                    .insertMany(full, new InsertManyOptions().ordered(false)),
            writers));
  }

  /** Returns what Pulso would have written about the batch's last change. */
  private static Optional<Document> auditEntry(BatchPlan plan, Document batch) {
    Date at = batch.getDate("updated_at");
    Document id = new Document("action", "batch.cancelled").append("batch", batch.get("_id"));
    return switch (plan.state()) {
      case CANCELLED -> Optional.of(auditEntry(id, batch, at));
      case PAUSED ->
          Optional.of(auditEntry(id.append("action", "batch.paused").append("at", at), batch, at));
      default -> Optional.empty();
    };
  }

  private static Document auditEntry(Document id, Document batch, Date at) {
    return new Document("_id", id)
        .append("action", id.get("action"))
        .append("batch_id", batch.get("batch_id"))
        .append("account_id", batch.get("account_id"))
        .append("reason", batch.get("cancellation_reason"))
        .append("at", at)
        .append("actor", "ana@example.com")
        .append("source_ip", "127.0.0.1")
        .append("request_id", "demo");
  }
}
