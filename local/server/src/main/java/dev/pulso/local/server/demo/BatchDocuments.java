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
final class BatchDocuments {
  /** A field that tells the demo's batches, so that simulated workers leave others alone. */
  static final String UPLOADED_BY = "uploaded_by";

  static final String DEMO = "demo";

  /** Uploaded while the demo ran; closed when finished, so that active ones do not pile up. */
  static final String DEMO_LIVE = "demo-live";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

  /** What workers add up by rates of their own, which nobody should trust. */
  private static final double WORKERS_COST_PER_CALL = 0.31;

  private static final double WORKERS_MINUTES_PER_CALL = 1.7;

  private final RandomGenerator random;

  BatchDocuments(RandomGenerator random) {
    this.random = random;
  }

  Document document(BatchPlan plan, Instant now, String uploadedBy) {
    Instant uploaded = now.minus(plan.age());
    String batchId =
        "batch-" + DAY.format(uploaded) + "-" + HexFormat.of().toHexDigits(random.nextInt());
    Document batch =
        plan.state() == State.OLD_SHAPE
            ? oldShape(plan, batchId, uploaded)
            : shape(plan, batchId, uploaded);
    return batch.append(UPLOADED_BY, uploadedBy);
  }

  private static Document shape(BatchPlan plan, String batchId, Instant uploaded) {
    int ended = plan.count("done", "completed");
    boolean started = plan.total() > plan.count("pending", "scheduled");
    Document batch =
        new Document("account_id", plan.account().id)
            .append("batch_id", batchId)
            .append("name", plan.name())
            .append("description", plan.description())
            .append("total_jobs", plan.total())
            .append("pending_jobs", plan.count("pending"))
            .append("completed_jobs", ended)
            .append("failed_jobs", plan.count("failed"))
            .append("suspended_jobs", plan.count("suspended"))
            .append("total_cost", ended * WORKERS_COST_PER_CALL)
            .append("total_minutes", ended * WORKERS_MINUTES_PER_CALL)
            .append("estimated_cost", plan.total() * 0.45)
            .append("is_active", plan.state().active)
            .append("priority", plan.priority())
            .append("call_settings", callSettings(plan.account()))
            .append("created_at", Date.from(uploaded))
            .append("started_at", started ? Date.from(uploaded.plusSeconds(90)) : null)
            .append("completed_at", null)
            .append("updated_at", null);
    return switch (plan.state()) {
      case COMPLETED, ARCHIVED -> completed(batch, uploaded.plus(Duration.ofHours(20)));
      case CANCELLED -> cancelled(batch, plan, uploaded.plus(Duration.ofHours(5)));
      case FRESH -> uncounted(batch);
      case ACTIVE, PAUSED, OLD_SHAPE -> batch;
    };
  }

  private static Document completed(Document batch, Instant at) {
    return batch.append("completed_at", Date.from(at)).append("updated_at", Date.from(at));
  }

  private static Document cancelled(Document batch, BatchPlan plan, Instant at) {
    plan.reason().ifPresent(reason -> batch.append("cancellation_reason", reason));
    return completed(batch, at).append("cancelled_at", Date.from(at));
  }

  private static Document uncounted(Document batch) {
    return batch
        .append("total_jobs", 0)
        .append("pending_jobs", 0)
        .append("estimated_cost", 0.0)
        .append("total_cost", 0.0)
        .append("total_minutes", 0.0);
  }

  private static Document oldShape(BatchPlan plan, String batchId, Instant uploaded) {
    return new Document("account_id", plan.account().id)
        .append("batch_id", batchId)
        .append("name", plan.name())
        .append("is_active", true)
        .append("total_jobs", (double) plan.total())
        .append("pending_jobs", null)
        .append("total_cost", new Decimal128(new BigDecimal("98.40")))
        .append("created_at", Date.from(uploaded));
  }

  private static Document callSettings(DemoAccounts account) {
    return new Document("allowed_call_hours", new Document("start", "09:00").append("end", "18:00"))
        .append("timezone", account.timezone)
        .append("retry_settings", new Document("max_attempts", 3).append("retry_delay_hours", 24));
  }
}
