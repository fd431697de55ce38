package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.functions.upkeep.BatchUpkeepHandler;
import dev.pulso.upkeep.UpkeepReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A cancelled batch stays cancelled, whatever happens during the cancel or later. */
class CancelledForGoodIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @AutoClose private final ContractDatabase database = ContractDatabase.open();

  @Test
  void lateReturnIsCancelledWithFirstReason() {
    String id = database.batch();
    database.jobs(jobs(1, id, "in_progress"));
    database.api().cancel(id, "basta").ok();
    assertThat(database.storedJobs(id).getFirst()).containsEntry("status", "in_progress");
    Eventually.isTrue(
        SOON,
        () -> {
          database.db().jobs().updateMany(new Document("batch_id", id), set("status", "pending"));
          return upkeep().batchesSwept() == 1;
        });
    assertThat(database.storedJobs(id).getFirst())
        .containsEntry("status", "cancelled")
        .containsEntry("cancellation_reason", "basta");
    assertThat(database.api().status(id).count("pending_jobs")).isZero();
    assertThat(upkeep().batchesSwept()).isZero();
  }

  @Test
  void cancelAgainSweepsLateReturns() {
    String id = database.batch();
    database.api().cancel(id).ok();
    database.jobs(jobs(3, id, "scheduled"));
    database.api().cancel(id, "second").ok();
    assertThat(database.storedJobs(id))
        .allMatch(job -> "Batch cancelled".equals(job.get("cancellation_reason")));
  }

  @Test
  void jobsUploadedAfterCancelAreCancelled() {
    String id = database.batch();
    database.api().cancel(id, "basta").ok();
    Object completedAt = database.stored(id).get("completed_at");
    database.jobs(jobs(30, id, "pending"));
    upkeepUntilAllAreCancelled(id);
    Reply summary = database.api().summary(id).ok();
    assertThat(summary.count("total_jobs")).isEqualTo(30);
    assertThat(summary.count("pending_jobs")).isZero();
    assertThat(summary.at("status")).isEqualTo("cancelled");
    assertThat(database.stored(id)).containsEntry("completed_at", completedAt);
  }

  @Test
  void lostMarkerIsRestoredAndNeverShown() {
    String id = database.batch();
    database.api().cancel(id).ok();
    database.changeBatch(id, set("is_active", true));
    assertThat(database.api().status(id).at("is_active")).isEqualTo(false);
    assertThat(database.api().summary(id).at("status")).isEqualTo("cancelled");
    assertThat(database.api().overview().count("metrics.active_batches")).isZero();
    Eventually.isTrue(SOON, () -> upkeep().markersRestored() == 1);
    assertThat(database.stored(id)).containsEntry("is_active", false);
  }

  @Test
  void deletedBatchLeavesNoWaitingJob() {
    String id = database.batch();
    database.jobs(jobs(2, id, "in_progress"));
    database.api().cancel(id, "basta").ok();
    database.db().batches().deleteOne(new Document("batch_id", id));
    database.db().jobs().updateMany(new Document("batch_id", id), set("status", "pending"));
    upkeepUntilAllAreCancelled(id);
    assertThat(database.storedJobs(id))
        .allMatch(job -> "basta".equals(job.get("cancellation_reason")));
    database.api().status(id).problem(404, "BATCH_NOT_FOUND");
  }

  @Test
  void upkeepFinishesInterruptedCancel() {
    String id = database.batch();
    database.jobs(jobs(40, id, "pending"));
    database.api().cancel(id, "basta").ok();
    // As a function leaves it that dies right after the marker.
    database.db().jobs().updateMany(new Document("batch_id", id), set("status", "pending"));
    database.changeBatch(id, set("pulso.cancel.open", true));
    Eventually.isTrue(SOON, () -> upkeep().cancelsFinished() == 1);
    assertThat(database.storedJobs(id)).allMatch(job -> "cancelled".equals(job.get("status")));
    assertThat(upkeep().cancelsFinished()).isZero();
  }

  @Test
  void upkeepHandlerReturnsReport() {
    String id = database.batch();
    database.api().cancel(id).ok();
    database.changeBatch(id, set("is_active", true));
    BatchUpkeepHandler handler = new BatchUpkeepHandler(database.pulso());
    assertThat(
            Eventually.answer(
                SOON,
                () -> handler.handleRequest(Map.of(), null),
                report -> report.get("fences_restored").equals(BigDecimal.ONE)))
        .containsKeys("cancels_finished", "cancels_open", "batches_swept", "groups_uncounted");
  }

  @Test
  void concurrentCancelsWriteOneAuditEntry() throws Exception {
    String id = database.batch();
    database.jobs(jobs(500, id, "pending"));
    List<Callable<Object>> cancels = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String reason = "reason-" + i;
      cancels.add(() -> cancelled(id, reason));
    }
    List<Object> reasons = allAtOnce(cancels);
    upkeepUntilAllAreCancelled(id);
    Object first = database.stored(id).get("cancellation_reason");
    assertThat(reasons).containsOnly(first);
    assertThat(database.storedJobs(id))
        .allMatch(job -> first.equals(job.get("cancellation_reason")));
    assertThat(database.db().auditLog().countDocuments()).isEqualTo(1);
    assertThat(database.stored(id)).containsEntry("pending_jobs", 0L);
  }

  @Test
  void cancelDuringUpkeepIsOneCancel() throws Exception {
    String id = database.batch();
    database.jobs(jobs(500, id, "pending"));
    allAtOnce(
        List.of(
            () -> cancelled(id, "basta"),
            this::upkeep,
            this::upkeep,
            () -> database.api().status(id).ok(),
            this::upkeep));
    upkeepUntilAllAreCancelled(id);
    assertThat(database.storedJobs(id))
        .allMatch(job -> "basta".equals(job.get("cancellation_reason")));
    assertThat(database.api().summary(id).count("pending_jobs")).isZero();
    assertThat(database.db().auditLog().countDocuments()).isEqualTo(1);
  }

  @Test
  void deletionDuringCancelIsHandled() throws Exception {
    String id = database.batch();
    database.jobs(jobs(500, id, "pending"));
    Call cancel = Call.to("POST", Api.CANCEL).of(id);
    List<Object> statuses =
        allAtOnce(
            List.of(
                () -> database.api().send(cancel).status(),
                () -> {
                  database.db().batches().deleteOne(new Document("batch_id", id));
                  return 200;
                },
                () -> database.api().send(cancel).status()));
    assertThat(statuses).allMatch(status -> List.of(200, 202, 404).contains(status));
    upkeep();
    if (database.db().auditLog().countDocuments() == 1) {
      upkeepUntilAllAreCancelled(id);
    } else {
      assertThat(database.storedJobs(id)).allMatch(job -> "pending".equals(job.get("status")));
    }
  }

  /** Returns the reason in the answer; on a busy server, upkeep may have to do the rest. */
  private Object cancelled(String id, String reason) {
    Call cancel = Call.to("POST", Api.CANCEL).of(id).with("reason=" + reason);
    Reply reply = database.api().send(cancel);
    assertThat(reply.status()).isIn(200, 202);
    return reply.at("reason");
  }

  private void upkeepUntilAllAreCancelled(String id) {
    Eventually.isTrue(
        SOON,
        () -> {
          upkeep();
          return database.storedJobs(id).stream()
              .allMatch(job -> "cancelled".equals(job.get("status")));
        });
  }

  private UpkeepReport upkeep() {
    return database.pulso().runUpkeep(Duration.ofSeconds(20));
  }

  private static List<Object> allAtOnce(List<Callable<Object>> calls) throws Exception {
    List<Object> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      for (Future<Object> call : threads.invokeAll(calls)) {
        results.add(call.get());
      }
    }
    return results;
  }
}
