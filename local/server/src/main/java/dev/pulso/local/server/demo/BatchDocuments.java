package dev.pulso.local.server.demo;

import dev.pulso.local.server.demo.BatchPlan.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.bson.Document;
import org.bson.types.Decimal128;

/** Batch documents, as uploaders, workers and a cancel leave them. */
record BatchDocuments(RandomGenerator random) {
  /** The field that marks the demo's batches, so that simulated workers ignore others. */
  static final String UPLOADED_BY = "uploaded_by";

  static final String DEMO = "demo";

  /** Uploaded during the demo; closed when finished, so that active batches do not pile up. */
  static final String DEMO_LIVE = "demo-live";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

  /** The workers' own rate per call. Pulso does not trust it. */
  private static final double WORKERS_COST_PER_CALL = 0.31;

  private static final double WORKERS_MINUTES_PER_CALL = 1.7;

  Document document(BatchPlan plan, Instant now, String uploadedBy) {
    Instant uploaded = now.minus(plan.age());
    String batchId =
        "batch-" + DAY.format(uploaded) + "-" + HexFormat.of().toHexDigits(random.nextInt());
    Document batch =
        new Document("account_id", plan.account().id())
            .append("batch_id", batchId)
            .append("name", plan.name())
            .append("is_active", plan.state().active)
            .append("created_at", Date.from(uploaded))
            .append(UPLOADED_BY, uploadedBy);
    if (plan.state() == State.OLD_SHAPE) {
      return batch
          .append("total_jobs", (double) plan.total())
          .append("pending_jobs", null)
          .append("total_cost", new Decimal128(new BigDecimal("98.40")));
    }
    batch.putAll(common(plan, uploaded));
    switch (plan.state()) {
      case COMPLETED, ARCHIVED -> completed(batch, uploaded.plus(Duration.ofHours(20)));
      case PAUSED -> batch.append("updated_at", Date.from(uploaded.plus(Duration.ofHours(3))));
      case CANCELLED -> cancelled(batch, plan, uploaded.plus(Duration.ofHours(5)));
      case FRESH -> uncounted(batch);
      default -> {}
    }
    return batch;
  }

  private static Document common(BatchPlan plan, Instant uploaded) {
    int ended = plan.count("done", "completed");
    boolean started = plan.total() > plan.count("pending", "scheduled");
    return new Document("description", plan.description())
        .append("total_jobs", plan.total())
        .append("pending_jobs", plan.count("pending"))
        .append("completed_jobs", ended)
        .append("failed_jobs", plan.count("failed"))
        .append("suspended_jobs", plan.count("suspended"))
        .append("total_cost", ended * WORKERS_COST_PER_CALL)
        .append("total_minutes", ended * WORKERS_MINUTES_PER_CALL)
        .append("estimated_cost", plan.total() * 0.45)
        .append("priority", plan.priority())
        .append("call_settings", callSettings(plan.account()))
        .append("started_at", started ? Date.from(uploaded.plusSeconds(90)) : null)
        .append("completed_at", null)
        .append("updated_at", null);
  }

  private static void completed(Document batch, Instant at) {
    batch.append("completed_at", Date.from(at)).append("updated_at", Date.from(at));
  }

  private static void cancelled(Document batch, BatchPlan plan, Instant at) {
    completed(batch, at);
    batch.append("cancelled_at", Date.from(at));
    plan.reason().ifPresent(reason -> batch.append("cancellation_reason", reason));
  }

  private static void uncounted(Document batch) {
    batch.append("total_jobs", 0).append("pending_jobs", 0).append("estimated_cost", 0.0);
  }

  private static Document callSettings(DemoAccount account) {
    return new Document("allowed_call_hours", new Document("start", "09:00").append("end", "18:00"))
        .append("timezone", account.timezone())
        .append("retry_settings", new Document("max_attempts", 3).append("retry_delay_hours", 24));
  }
}
