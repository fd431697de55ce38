package dev.pulso.local.server.demo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Projections;
import dev.pulso.local.server.demo.BatchPlan.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * What uploaders and schedulers do around the dialers, so that the demo never runs dry: scheduled
 * jobs become pending at their time, finished small batches are closed, new ones come.
 */
final class Campaigns {
  private static final int ENOUGH_WORK = 150;
  private static final Duration LOST_AFTER = Duration.ofMinutes(2);
  private static final List<String> NAMES =
      List.of("Recordatorio de pago", "Confirmación de hora", "Oferta de la semana", "Encuesta");
  private static final Bson OPEN_STATUS = in("status", "pending", "scheduled", "in_progress");

  private final DemoCollections collections;
  private final Clock clock;
  private final RandomGenerator random;

  Campaigns(DemoCollections collections, Clock clock, RandomGenerator random) {
    this.collections = collections;
    this.clock = clock;
    this.random = random;
  }

  /** Calls that dialers of an earlier run had on the line when they were killed come back. */
  void returnLostCalls() {
    Date now = Date.from(clock.instant());
    Date lost = Date.from(clock.instant().minus(LOST_AFTER));
    for (String batchId : batchIds(CallDesk.DEMO_BATCHES)) {
      collections
          .jobs()
          .updateMany(
              and(eq("batch_id", batchId), eq("status", "in_progress"), lt("started_at", lost)),
              combine(set("status", "pending"), set("next_try_at", now), set("updated_at", now)));
    }
  }

  /** One look at everything. */
  void look() {
    List<String> active = batchIds(and(eq("is_active", true), CallDesk.DEMO_BATCHES));
    active.forEach(this::beginWhatWasScheduled);
    closeFinished();
    long waiting = 0;
    for (String batchId : active) {
      waiting += waiting(batchId);
    }
    if (waiting < ENOUGH_WORK) {
      upload();
    }
  }

  private List<String> batchIds(Bson filter) {
    return collections
        .batches()
        .find(filter)
        .projection(Projections.include("batch_id"))
        .map(batch -> batch.getString("batch_id"))
        .into(new ArrayList<>());
  }

  private void beginWhatWasScheduled(String batchId) {
    Date now = Date.from(clock.instant());
    collections
        .jobs()
        .updateMany(
            and(eq("batch_id", batchId), eq("status", "scheduled"), lte("next_try_at", now)),
            combine(set("status", "pending"), set("updated_at", now)));
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
      boolean open =
          collections.jobs().find(and(eq("batch_id", batchId), OPEN_STATUS)).first() != null;
      if (!open) {
        collections
            .batches()
            .updateOne(
                and(eq("batch_id", batchId), eq("is_active", true)),
                combine(set("is_active", false), set("updated_at", Date.from(clock.instant()))));
      }
    }
  }

  private void upload() {
    Instant now = clock.instant();
    DemoAccounts[] accounts = DemoAccounts.values();
    BatchPlan plan =
        new BatchPlan(
            accounts[random.nextInt(accounts.length)],
            NAMES.get(random.nextInt(NAMES.size())),
            "Carga automática",
            State.FRESH,
            1 + random.nextInt(3),
            Duration.ZERO,
            Map.of("pending", random.nextInt(200, 401)));
    Document batch = new BatchDocuments(random).document(plan, now, BatchDocuments.DEMO_LIVE);
    JobDocuments factory = new JobDocuments(random, now);
    List<Document> jobs = new ArrayList<>();
    for (int i = 0; i < plan.total(); i++) {
      Optional<String> batchId = Optional.of(batch.getString("batch_id"));
      jobs.add(factory.job(plan.account(), batchId, "pending", now, now, Optional.empty()));
    }
    collections.batches().insertOne(batch);
    collections.jobs().insertMany(jobs);
  }
}
