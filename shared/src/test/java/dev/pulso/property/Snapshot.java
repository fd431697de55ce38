package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.mongo.Db;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.bson.Document;

/** All jobs and batches at one moment. */
record Snapshot(Map<String, Document> jobs, Map<String, Document> batches) {
  private static final Set<String> CANCEL_MAY_CHANGE =
      Set.of("status", "updated_at", "cancellation_reason");

  /** The fields of a batch that the contract allows Pulso to write. */
  private static final Set<String> PULSO_MAY_CHANGE =
      Set.of(
          "is_active",
          "completed_at",
          "updated_at",
          "cancelled_at",
          "cancellation_reason",
          "total_jobs",
          "pending_jobs",
          "completed_jobs",
          "failed_jobs",
          "suspended_jobs",
          "total_cost",
          "total_minutes",
          "pulso");

  static Snapshot of(Db db) {
    return new Snapshot(byId(db.jobs().find()), byId(db.batches().find()));
  }

  private static Map<String, Document> byId(Iterable<Document> documents) {
    Map<String, Document> byId = new TreeMap<>();
    documents.forEach(document -> byId.put(document.getString("_id"), document));
    return byId;
  }

  List<Document> jobsOf(String batchId) {
    return jobs.values().stream().filter(job -> batchId.equals(job.get("batch_id"))).toList();
  }

  /**
   * Checks that Pulso changed only what it may since then.
   *
   * @param cancels the first reason of every cancelled batch
   */
  void checkStep(Snapshot after, Map<String, Optional<String>> cancels) {
    assertThat(after.jobs.keySet()).as("no job comes or goes").isEqualTo(jobs.keySet());
    jobs.forEach((id, job) -> checkJob(job, after.jobs.get(id), cancels));
    assertThat(after.batches.keySet()).as("no batch comes or goes").isEqualTo(batches.keySet());
    batches.forEach((id, batch) -> checkBatch(batch, after.batches.get(id)));
  }

  private static void checkJob(Document job, Document now, Map<String, Optional<String>> cancels) {
    if (job.equals(now)) {
      return;
    }
    assertThat(job.get("status")).as("status of %s before", job).isIn("pending", "scheduled");
    String batch = job.getString("batch_id");
    assertThat(cancels)
        .as("the batch of %s, which was changed, is cancelled", job)
        .containsKey(batch);
    assertThat(now.get("status")).isEqualTo("cancelled");
    assertThat(now.get("cancellation_reason"))
        .as("reason of %s", now)
        .isEqualTo(cancels.get(batch).orElse("Batch cancelled"));
    assertThat(without(now, CANCEL_MAY_CHANGE))
        .as("all else of a cancelled job")
        .isEqualTo(without(job, CANCEL_MAY_CHANGE));
  }

  private static void checkBatch(Document batch, Document now) {
    assertThat(without(now, PULSO_MAY_CHANGE)).isEqualTo(without(batch, PULSO_MAY_CHANGE));
    if (batch.get("cancelled_at") != null) {
      for (String field : List.of("cancelled_at", "completed_at", "cancellation_reason")) {
        assertThat(now.get(field)).as("%s of a cancelled batch", field).isEqualTo(batch.get(field));
      }
    }
    if (batch.get("completed_at") != null && now.get("completed_at") != null) {
      assertThat(now.get("completed_at")).as("completed_at").isEqualTo(batch.get("completed_at"));
    }
  }

  private static Document without(Document document, Set<String> fields) {
    Document rest = new Document(document);
    new HashSet<>(fields).forEach(rest::remove);
    return rest;
  }
}
