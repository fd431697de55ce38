package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bson.Document;
import org.bson.conversions.Bson;

/** What dialers do to the database: claim a job, and write down how the call went. */
final class CallDesk {
  static final Bson DEMO_BATCHES =
      in(BatchDocuments.UPLOADED_BY, BatchDocuments.DEMO, BatchDocuments.DEMO_LIVE);

  /** Units per started minute: a rate of the workers' own, not what a call costs. */
  private static final double WORKERS_RATE = 0.18;

  private static final FindOneAndUpdateOptions CLAIMED =
      new FindOneAndUpdateOptions()
          .projection(Projections.include("batch_id", "attempts", "max_attempts"))
          .returnDocument(ReturnDocument.AFTER);

  private final DemoCollections collections;
  private final Clock clock;
  private final RandomGenerator random;

  CallDesk(DemoCollections collections, Clock clock, RandomGenerator random) {
    this.collections = collections;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Claims a job that waits. The active batches are read first, so a claim can land a moment after
   * a batch became inactive.
   */
  Optional<Call> claim(String worker) {
    for (String batchId : activeBatches()) {
      Optional<Call> call = claimFrom(batchId, worker);
      if (call.isPresent()) {
        return call;
      }
    }
    return Optional.empty();
  }

  /** In random order, urgent ones more often in front. */
  private List<String> activeBatches() {
    record Ticket(String batchId, double place) {}
    List<Ticket> tickets = new ArrayList<>();
    for (Document batch :
        collections
            .batches()
            .find(and(eq("is_active", true), DEMO_BATCHES))
            .projection(Projections.include("batch_id", "priority"))) {
      double weight = Math.pow(batch.getInteger("priority", 1), 2);
      tickets.add(
          new Ticket(batch.getString("batch_id"), Math.pow(random.nextDouble(), 1 / weight)));
    }
    tickets.sort(Comparator.comparingDouble(Ticket::place).reversed());
    return tickets.stream().map(Ticket::batchId).toList();
  }

  private Optional<Call> claimFrom(String batchId, String worker) {
    Date now = Date.from(clock.instant());
    Bson due = or(eq("next_try_at", null), lte("next_try_at", now));
    Bson pending = and(eq("batch_id", batchId), eq("status", "pending"), due);
    Bson retry =
        and(
            eq("batch_id", batchId),
            eq("status", "failed"),
            lte("next_try_at", now),
            expr(new Document("$lt", List.of("$attempts", "$max_attempts"))));
    Bson claim =
        combine(
            set("status", "in_progress"),
            set("started_at", now),
            set("updated_at", now),
            set("worker_id", worker),
            inc("attempts", 1));
    return Optional.ofNullable(collections.jobs().findOneAndUpdate(pending, claim, CLAIMED))
        .or(() -> Optional.ofNullable(collections.jobs().findOneAndUpdate(retry, claim, CLAIMED)))
        .map(
            job ->
                new Call(
                    job.getObjectId("_id"),
                    batchId,
                    job.getInteger("attempts"),
                    job.getInteger("max_attempts")));
  }

  void done(Call call, CallResult result) {
    Date now = Date.from(clock.instant());
    change(
        call,
        "done",
        now,
        set("call_result", result.nested(now)),
        set("finished_at", now),
        set("call_ended_at", now),
        set("call_duration_seconds", result.seconds()));
    addToBatch(call, result);
  }

  void completed(Call call, CallResult result) {
    Date now = Date.from(clock.instant());
    change(
        call,
        "completed",
        now,
        set("call_result", result.flat()),
        set("completed_at", now),
        set("call_ended_at", now));
    addToBatch(call, result);
  }

  void returned(Call call, Duration pause) {
    Date now = Date.from(clock.instant());
    change(
        call,
        "pending",
        now,
        set("next_try_at", Date.from(now.toInstant().plus(pause))),
        set("last_error", "not_connected"));
  }

  /** Failed; another attempt may follow where a pause is given. */
  void failed(Call call, CallResult result, Optional<Duration> pause) {
    Date now = Date.from(clock.instant());
    change(
        call,
        "failed",
        now,
        set("call_result", result.nested(now)),
        set("failed_at", now),
        set("last_error", "not_connected"),
        set("next_try_at", pause.map(p -> Date.from(now.toInstant().plus(p))).orElse(null)));
  }

  void suspended(Call call) {
    change(call, "suspended", Date.from(clock.instant()), set("last_error", "no_credit"));
  }

  private void change(Call call, String status, Date now, Bson... changes) {
    collections
        .jobs()
        .updateOne(
            eq("_id", call.jobId()),
            combine(set("status", status), set("updated_at", now), combine(changes)));
  }

  private void addToBatch(Call call, CallResult result) {
    int startedMinutes = result.seconds() / 60 + 1;
    collections
        .batches()
        .updateOne(
            eq("batch_id", call.batchId()),
            combine(
                inc("completed_jobs", 1),
                inc("total_minutes", (double) startedMinutes),
                inc("total_cost", startedMinutes * WORKERS_RATE)));
  }
}
