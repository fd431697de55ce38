package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;

/** Checks the invariants at the end by reading every job. */
final class Truth {
  private static final double ROUNDING = 0.000_051;

  private Truth() {}

  /** Checks all batches, and returns their number; 0 if all were deleted. */
  static int check(World world) {
    Snapshot now = Snapshot.of(world.db());
    world.cancels().keySet().forEach(batch -> nothingWaits(now.jobsOf(batch), batch));
    now.batches().values().forEach(batch -> countersAreRight(batch, now));
    now.batches().values().forEach(batch -> completionIsRight(batch, now));
    auditIsRight(world);
    world.db().operations().find().forEach(operation -> operationIsRight(operation, world));
    overviewIsRight(world, now);
    return now.batches().size();
  }

  private static void nothingWaits(List<Document> jobs, String batch) {
    assertThat(jobs)
        .as("jobs that wait in the cancelled batch %s", batch)
        .noneMatch(job -> Set.of("pending", "scheduled").contains(job.getString("status")));
  }

  private static void countersAreRight(Document batch, Snapshot now) {
    String id = batch.getString("batch_id");
    List<Document> jobs = now.jobsOf(id);
    if (jobs.isEmpty()) {
      assertThat(batch.get("total_jobs")).as("total of %s, without jobs", id).isEqualTo(999);
      return;
    }
    Map.of(
            "total_jobs", (long) jobs.size(),
            "pending_jobs", count(jobs, "pending"),
            "completed_jobs", count(jobs, "completed", "done"),
            "failed_jobs", count(jobs, "failed"),
            "suspended_jobs", count(jobs, "suspended"))
        .forEach(
            (field, count) ->
                assertThat(((Number) batch.get(field)).longValue())
                    .as("%s of %s", field, id)
                    .isEqualTo(count));
    double cost = jobs.stream().mapToDouble(Truth::cents).sum() / 100;
    assertThat(batch.getDouble("total_cost"))
        .as("total_cost of %s", id)
        .isEqualTo(cost, within(ROUNDING));
    double minutes = jobs.stream().mapToDouble(Truth::ms).sum() / 60_000;
    assertThat(batch.getDouble("total_minutes"))
        .as("total_minutes of %s", id)
        .isEqualTo(minutes, within(ROUNDING));
  }

  private static void completionIsRight(Document batch, Snapshot now) {
    List<Document> jobs = now.jobsOf(batch.getString("batch_id"));
    boolean isOver =
        batch.get("cancelled_at") != null
            || (!jobs.isEmpty() && count(jobs, "pending", "scheduled", "in_progress") == 0);
    if (isOver) {
      assertThat(batch.get("completed_at")).as("completed_at of %s", batch).isNotNull();
    }
    if (batch.get("cancelled_at") != null) {
      assertThat(batch.getBoolean("is_active")).as("is_active of %s", batch).isFalse();
    }
  }

  private static void auditIsRight(World world) {
    List<Document> entries =
        world
            .db()
            .auditLog()
            .find(new Document("action", "batch.cancelled"))
            .into(new ArrayList<>());
    assertThat(entries)
        .as("audit entries, one per cancelled batch")
        .extracting(entry -> entry.getString("batch_id"))
        .containsExactlyInAnyOrderElementsOf(world.cancels().keySet());
    for (Document entry : entries) {
      assertThat(Optional.ofNullable(entry.getString("reason")))
          .as("audited reason")
          .isEqualTo(world.cancels().get(entry.getString("batch_id")));
    }
  }

  private static void operationIsRight(Document operation, World world) {
    String id = operation.getObjectId("_id").toHexString();
    assertThat(operation.get("finished_at")).as("end of %s", operation).isNotNull();
    assertThat(operation).doesNotContainKeys("unfinished", "batches");
    List<Document> entries =
        world.db().auditLog().find(new Document("operation_id", id)).into(new ArrayList<>());
    assertThat(operation.getLong("done")).as("done of %s", operation).isEqualTo(entries.size());
    assertThat(entries)
        .as("batches of %s with an entry", operation)
        .extracting(entry -> entry.get("_id", Document.class).get("batch"))
        .doesNotHaveDuplicates()
        .isSubsetOf(world.selected(operation))
        .hasSizeLessThanOrEqualTo(operation.getInteger("changes"));
  }

  private static void overviewIsRight(World world, Snapshot now) {
    Overview overview =
        world
            .fixture()
            .pulso()
            .services()
            .overview()
            .overview(View.ALL, Deadline.in(Duration.ofSeconds(20)));
    Collection<Document> jobs = now.jobs().values();
    assertThat(overview.jobs().pending()).as("pending").isEqualTo(count(jobs, "pending"));
    assertThat(overview.jobs().completed())
        .as("completed")
        .isEqualTo(count(jobs, "completed", "done"));
    assertThat(overview.jobs().failed()).as("failed").isEqualTo(count(jobs, "failed"));
    assertThat(overview.batches().active())
        .as("active batches")
        .isEqualTo(now.batches().values().stream().filter(b -> b.getBoolean("is_active")).count());
  }

  private static long count(Collection<Document> jobs, Object... statuses) {
    Set<Object> wanted = Set.of(statuses);
    return jobs.stream()
        .filter(job -> job.get("status") != null && wanted.contains(job.get("status")))
        .count();
  }

  private static double cents(Document job) {
    return number(job, "call_result", "call_cost", "combined_cost")
        .or(() -> number(job, "call_result", "summary", "call_cost", "combined_cost"))
        .orElse(0.0);
  }

  private static double ms(Document job) {
    return number(job, "call_result", "duration_ms")
        .or(() -> number(job, "call_result", "summary", "duration_ms"))
        .orElse(0.0);
  }

  private static Optional<Double> number(Document job, String... path) {
    Object value = job.getEmbedded(List.of(path), Object.class);
    return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
  }
}
