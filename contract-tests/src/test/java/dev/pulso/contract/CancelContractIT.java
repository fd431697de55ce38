package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** POST /api/v1/batches/{batch_id}/cancel, sentence by sentence. */
class CancelContractIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  @Test
  void matchesExampleOfContract() {
    String id = database.batch();
    assertThat(database.api().cancel(id, "Cliente solicitó detención").ok().body())
        .isEqualTo(
            "{\"success\":true,\"message\":\"Batch cancelled successfully\","
                + "\"reason\":\"Cliente solicitó detención\"}");
    assertThat(database.api().cancel(database.batch()).ok().body())
        .isEqualTo(
            "{\"success\":true,\"message\":\"Batch cancelled successfully\",\"reason\":null}");
  }

  @Test
  void cancelSetsMarker() {
    String id = database.batch();
    Document before = database.stored(id);
    Instant start = database.db().now();
    database.api().cancel(id, "basta").ok();
    Document after = database.stored(id);
    assertThat(after)
        .containsEntry("is_active", false)
        .containsEntry("cancellation_reason", "basta");
    for (String field : List.of("cancelled_at", "completed_at", "updated_at")) {
      assertThat(after.getDate(field).toInstant()).as(field).isBetween(start, database.db().now());
    }
    assertThat(after).containsAllEntriesOf(without(before, "is_active"));
  }

  @Test
  void cancelWithoutReasonStoresNone() {
    String id = database.batch();
    database.jobs(job(id, "pending"));
    database.api().cancel(id).ok();
    assertThat(database.stored(id)).doesNotContainKey("cancellation_reason");
    assertThat(database.storedJobs(id).getFirst())
        .containsEntry("cancellation_reason", "Batch cancelled");
  }

  @Test
  void cancelsWaitingJobsOnly() {
    String id = database.batch();
    String other = database.batch();
    for (String status :
        List.of(
            "pending",
            "scheduled",
            "in_progress",
            "completed",
            "done",
            "failed",
            "suspended",
            "cancelled",
            "unheard_of")) {
      database.jobs(
          job(id, status)
              .append("payload", new Document("a", 1))
              .append("next_try_at", new Date(5))
              .append("attempts", 2),
          job(other, status));
    }
    database.jobs(job(id, "pending").append("cancellation_reason", "older"));
    List<Document> before = database.storedJobs(id);
    List<Document> others = database.storedJobs(other);
    Instant start = database.db().now();
    database.api().cancel(id, "basta").ok();
    List<Document> after = database.storedJobs(id);
    assertThat(database.storedJobs(other)).isEqualTo(others);
    for (int i = 0; i < before.size(); i++) {
      Document was = before.get(i);
      Document is = after.get(i);
      if (List.of("pending", "scheduled").contains(was.getString("status"))) {
        assertThat(is)
            .containsEntry("status", "cancelled")
            .containsEntry("cancellation_reason", "basta");
        assertThat(is.getDate("updated_at").toInstant()).isBetween(start, database.db().now());
        assertThat(without(is, "status", "cancellation_reason", "updated_at"))
            .isEqualTo(without(was, "status", "cancellation_reason", "updated_at"));
      } else {
        assertThat(is).isEqualTo(was);
      }
    }
  }

  @Test
  void cancelUpdatesCounters() {
    String id = database.batch();
    database.jobs(jobs(20, id, "pending"));
    database.jobs(jobs(5, id, "done"));
    database.jobs(jobs(2, id, "in_progress"));
    assertThat(database.api().status(id).count("pending_jobs")).isEqualTo(20);
    database.api().cancel(id).ok();
    Reply status = database.api().status(id).ok();
    assertThat(status.count("pending_jobs")).isZero();
    assertThat(status.count("total_jobs")).isEqualTo(27);
    assertThat(status.at("is_active")).isEqualTo(false);
    assertThat(status.at("completed_at")).isNotNull();
    assertThat(database.stored(id))
        .containsEntry("pending_jobs", 0L)
        .containsEntry("total_jobs", 27L)
        .containsEntry("completed_jobs", 5L);
  }

  @Test
  void cancelTwiceKeepsFirstReason() {
    String id = database.batch();
    database.jobs(jobs(3, id, "pending"));
    database.api().cancel(id, "first").ok();
    Document batch = contractFields(database.stored(id));
    List<Document> jobs = database.storedJobs(id);
    assertThat(database.api().cancel(id, "second").ok().at("reason")).isEqualTo("first");
    assertThat(database.api().cancel(id).ok().at("reason")).isEqualTo("first");
    assertThat(contractFields(database.stored(id))).isEqualTo(batch);
    assertThat(database.storedJobs(id)).isEqualTo(jobs);
    assertThat(database.audited(id)).hasSize(1);
  }

  @Test
  void missingFirstReasonStaysMissing() {
    String id = database.batch();
    database.api().cancel(id).ok();
    assertThat(database.api().cancel(id, "too late").ok().at("reason")).isNull();
    assertThat(database.stored(id)).doesNotContainKey("cancellation_reason");
  }

  @Test
  void completedBatchKeepsCompletedAt() {
    Date completed = Date.from(Builders.LONG_AGO);
    String id =
        database.batch(batch(ContractDatabase.name("batch")).append("completed_at", completed));
    database.jobs(jobs(2, id, "done"));
    database.api().cancel(id).ok();
    assertThat(database.stored(id)).containsEntry("completed_at", completed);
    assertThat(database.api().summary(id).at("status")).isEqualTo("cancelled");
  }

  @Test
  void auditEntryNamesCallerAndReason() {
    String id = database.batch();
    Map<String, String> ana =
        Map.of("sub", "ana", "scope", "pulso:operate", "account_ids", "acc-chile-001");
    Call cancel = Call.to("POST", Api.CANCEL).of(id).with("reason=$basta");
    database.api().send(cancel.by(ana)).ok();
    Document entry = database.audited(id).getFirst();
    assertThat(without(entry, "_id", "at"))
        .isEqualTo(
            new Document("action", "batch.cancelled")
                .append("batch_id", id)
                .append("account_id", "acc-chile-001")
                .append("reason", "$basta")
                .append("actor", "ana")
                .append("source_ip", Call.SOURCE_IP)
                .append("request_id", Call.REQUEST_ID));
    Document stored = database.stored(id);
    assertThat(entry.get("at")).isEqualTo(stored.get("cancelled_at"));
    assertThat(stored.get("pulso", Document.class)).doesNotContainKey("outbox");
  }

  @Test
  void restoredBatchKeepsFirstReason() {
    String id = database.batch();
    Document asUploaded = database.stored(id);
    database.api().cancel(id, "first").ok();
    Document entry = database.audited(id).getFirst();
    database.db().batches().replaceOne(new Document("batch_id", id), asUploaded);
    database.jobs(jobs(2, id, "pending"));
    assertThat(database.api().cancel(id, "second").ok().at("reason")).isEqualTo("first");
    assertThat(database.stored(id))
        .containsEntry("cancellation_reason", "first")
        .containsEntry("cancelled_at", entry.get("at"));
    assertThat(database.storedJobs(id))
        .allMatch(job -> "first".equals(job.get("cancellation_reason")));
    assertThat(database.audited(id)).containsExactly(entry);
    assertThat(database.api().summary(id).count("pending_jobs")).isZero();
  }

  @Test
  void isReachedByObjectId() {
    String id = database.batch();
    database.jobs(jobs(2, id, "pending"));
    String hex = database.stored(id).getObjectId("_id").toHexString();
    database.api().cancel(hex, "por id").ok();
    assertThat(database.api().summary(id).at("status")).isEqualTo("cancelled");
    assertThat(database.storedJobs(id)).allMatch(job -> "cancelled".equals(job.get("status")));
  }

  @Test
  void batchWithoutBatchIdCanBeCancelled() {
    ObjectId id = new ObjectId();
    database.db().batches().insertOne(new Document("_id", id).append("is_active", true));
    database.api().cancel(id.toHexString()).ok();
    Document after = database.db().batches().find(new Document("_id", id)).first();
    assertThat(after).containsEntry("is_active", false).containsKey("cancelled_at");
  }

  @Test
  void reasonIsNeverAnExpression() {
    String id = database.batch();
    database.jobs(job(id, "pending"));
    assertThat(database.api().cancel(id, "$name {\"$ne\":1}").ok().at("reason"))
        .isEqualTo("$name {\"$ne\":1}");
    assertThat(database.stored(id)).containsEntry("cancellation_reason", "$name {\"$ne\":1}");
    assertThat(database.storedJobs(id).getFirst())
        .containsEntry("cancellation_reason", "$name {\"$ne\":1}");
  }

  @Test
  void unknownBatchIsNotFound() {
    database.api().cancel("nobody", "x").problem(404, "BATCH_NOT_FOUND");
    assertThat(database.audited("nobody")).isEmpty();
  }

  private static Document contractFields(Document batch) {
    return without(batch, "pulso");
  }

  private static Document without(Document document, String... fields) {
    Document rest = new Document(document);
    List.of(fields).forEach(rest::remove);
    return rest;
  }
}
