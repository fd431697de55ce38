package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/** The database operations of dialers: they claim a job, and store the result of the call. */
record CallDesk(DemoCollections collections, Clock clock, RandomGenerator random) {
  static final Bson DEMO_BATCHES =
      in(BatchDocuments.UPLOADED_BY, BatchDocuments.DEMO, BatchDocuments.DEMO_LIVE);

  /** Units per started minute: the workers' own rate, not the cost of the call. */
  private static final double WORKERS_RATE = 0.18;

  private static final FindOneAndUpdateOptions CLAIMED =
      new FindOneAndUpdateOptions()
          .projection(Projections.include("batch_id", "attempts", "max_attempts"))
          .returnDocument(ReturnDocument.AFTER);

  /** A claimed job. {@code attempts} includes this attempt. */
  record Call(ObjectId jobId, String batchId, int attempts, int maxAttempts) {
    boolean mayBeTriedAgain() {
      return attempts < maxAttempts;
    }
  }

  /**
   * Claims a waiting job. Reads the active batches first, so a claim can happen just after a batch
   * became inactive.
   */
  Optional<Call> claim(String worker) {
    return activeBatches().stream()
        .flatMap(batchId -> claimFrom(batchId, worker).stream())
        .findFirst();
  }

  /** Returns them in random order, urgent ones more often first. */
  private List<String> activeBatches() {
    record Ticket(String batchId, double place) {}
    List<Ticket> tickets =
        collections
            .batches()
            .find(and(eq("is_active", true), DEMO_BATCHES))
            .map(
                batch -> {
                  double weight = Math.pow(batch.getInteger("priority", 1), 2);
                  double place = Math.pow(random.nextDouble(), 1 / weight);
                  return new Ticket(batch.getString("batch_id"), place);
                })
            .into(new ArrayList<>());
    tickets.sort(Comparator.comparingDouble(Ticket::place).reversed());
    return tickets.stream().map(Ticket::batchId).toList();
  }

  private Optional<Call> claimFrom(String batchId, String worker) {
    Date now = Date.from(clock.instant());
    Bson pending =
        and(eq("status", "pending"), or(eq("next_try_at", null), lte("next_try_at", now)));
    Bson retry =
        and(
            eq("status", "failed"),
            lte("next_try_at", now),
            expr(new Document("$lt", List.of("$attempts", "$max_attempts"))));
    Document claim =
        new Document(
                "$set",
                new Document("status", "in_progress")
                    .append("started_at", now)
                    .append("updated_at", now)
                    .append("worker_id", worker))
            .append("$inc", new Document("attempts", 1));
    return List.of(pending, retry).stream()
        .map(due -> and(eq("batch_id", batchId), due))
        .map(due -> collections.jobs().findOneAndUpdate(due, claim, CLAIMED))
        .filter(job -> job != null)
        .findFirst()
        .map(
            job ->
                new Call(
                    job.getObjectId("_id"),
                    batchId,
                    job.getInteger("attempts"),
                    job.getInteger("max_attempts")));
  }

  void done(Call call, CallResult result) {
    write(call, result.done(clock.instant()));
    addToBatch(call, result);
  }

  void completed(Call call, CallResult result) {
    write(call, result.completed(clock.instant()));
    addToBatch(call, result);
  }

  void returned(Call call, Duration pause) {
    write(
        call,
        new Document("status", "pending")
            .append("next_try_at", Date.from(clock.instant().plus(pause)))
            .append("last_error", "not_connected"));
  }

  /** Marks the job as failed; with a pause, another attempt may follow. */
  void failed(Call call, CallResult result, Optional<Duration> pause) {
    Instant now = clock.instant();
    Date next = pause.map(now::plus).map(Date::from).orElse(null);
    write(call, result.failed(now).append("next_try_at", next));
  }

  void suspended(Call call) {
    write(call, new Document("status", "suspended").append("last_error", "no_credit"));
  }

  private void write(Call call, Document outcome) {
    outcome.append("updated_at", Date.from(clock.instant()));
    collections.jobs().updateOne(eq("_id", call.jobId()), new Document("$set", outcome));
  }

  private void addToBatch(Call call, CallResult result) {
    int startedMinutes = result.seconds() / 60 + 1;
    Document sums =
        new Document("completed_jobs", 1)
            .append("total_minutes", (double) startedMinutes)
            .append("total_cost", startedMinutes * WORKERS_RATE);
    collections.batches().updateOne(eq("batch_id", call.batchId()), new Document("$inc", sums));
  }
}
