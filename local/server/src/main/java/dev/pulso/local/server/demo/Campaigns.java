package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;

import com.mongodb.client.model.CountOptions;
import dev.pulso.local.server.demo.BatchPlan.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Simulates uploaders and schedulers, so that the demo never runs dry: scheduled jobs become
 * pending, finished small batches are closed, and new ones are uploaded.
 */
record Campaigns(DemoCollections collections, Clock clock, RandomGenerator random) {
  private static final int ENOUGH_WORK = 150;
  private static final Duration LOST_AFTER = Duration.ofMinutes(2);
  private static final Bson OPEN_STATUS = in("status", "pending", "scheduled", "in_progress");

  /** Returns calls that were in progress when an earlier run was killed. */
  void returnLostCalls() {
    Date now = Date.from(clock.instant());
    Date lost = Date.from(clock.instant().minus(LOST_AFTER));
    for (String batchId : batchIds(CallDesk.DEMO_BATCHES)) {
      collections
          .jobs()
          .updateMany(
              and(eq("batch_id", batchId), eq("status", "in_progress"), lt("started_at", lost)),
              set(new Document("status", "pending").append("next_try_at", now)));
    }
  }

  /** Checks everything once. */
  void look() {
    List<String> active = batchIds(and(eq("is_active", true), CallDesk.DEMO_BATCHES));
    active.forEach(this::beginWhatWasScheduled);
    closeFinished();
    if (active.stream().mapToLong(this::waiting).sum() < ENOUGH_WORK) {
      upload();
    }
  }

  private List<String> batchIds(Bson filter) {
    return collections
        .batches()
        .find(filter)
        .map(batch -> batch.getString("batch_id"))
        .into(new ArrayList<>());
  }

  private Document set(Document changes) {
    return new Document("$set", changes.append("updated_at", Date.from(clock.instant())));
  }

  private void beginWhatWasScheduled(String batchId) {
    Bson due = lte("next_try_at", Date.from(clock.instant()));
    collections
        .jobs()
        .updateMany(
            and(eq("batch_id", batchId), eq("status", "scheduled"), due),
            set(new Document("status", "pending")));
  }

  private long waiting(String batchId) {
    return collections
        .jobs()
        .countDocuments(
            and(eq("batch_id", batchId), eq("status", "pending")),
            new CountOptions().limit(ENOUGH_WORK));
  }

  private void closeFinished() {
    Bson live =
        and(eq("is_active", true), eq(BatchDocuments.UPLOADED_BY, BatchDocuments.DEMO_LIVE));
    for (String batchId : batchIds(live)) {
      if (collections.jobs().find(and(eq("batch_id", batchId), OPEN_STATUS)).first() == null) {
        collections
            .batches()
            .updateOne(
                and(eq("batch_id", batchId), eq("is_active", true)),
                set(new Document("is_active", false)));
      }
    }
  }

  private void upload() {
    Instant now = clock.instant();
    List<DemoAccount> accounts = DemoAccount.all();
    BatchPlan plan =
        new BatchPlan(
            accounts.get(random.nextInt(accounts.size())),
            DemoContent.any("later_batches", random),
            "Carga automática",
            State.FRESH,
            1 + random.nextInt(3),
            Duration.ZERO,
            new TreeMap<>(Map.of("pending", random.nextInt(200, 401))),
            Optional.empty());
    Document batch = new BatchDocuments(random).document(plan, now, BatchDocuments.DEMO_LIVE);
    Optional<String> id = Optional.of(batch.getString("batch_id"));
    JobDocuments jobs = new JobDocuments(random, now);
    collections.batches().insertOne(batch);
    collections
        .jobs()
        .insertMany(
            Stream.generate(() -> jobs.job(plan.account(), id, "pending", now, now, plan.reason()))
                .limit(plan.total())
                .toList());
  }
}
