package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Builders;
import java.time.Instant;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers with only the read scope cannot operate, and their attempts are audited. */
class DeniedIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.guarded();
  @AutoClose private static final TokenApi api = new TokenApi(database.pulso());

  @ParameterizedTest
  @CsvSource({
    "/cancel?reason=basta, batch.cancel_denied",
    "/pause, batch.pause_denied",
    "/resume, batch.resume_denied"
  })
  void deniedAttemptOnlyWritesAuditEntry(String route, String action) {
    String batch = batch();
    Document before = database.stored(batch);
    List<Document> jobsBefore = database.storedJobs(batch);
    Instant begun = database.db().now();

    Reply reply = api.post("reader", "/batches/" + batch + route).problem(403, "FORBIDDEN");

    assertThat(database.stored(batch)).isEqualTo(before);
    assertThat(database.storedJobs(batch)).isEqualTo(jobsBefore);
    assertThat(database.audited(batch)).hasSize(1);
    Document entry = database.audited(batch).getFirst();
    assertThat(entry.keySet())
        .containsExactlyInAnyOrder(
            "_id",
            "action",
            "batch_id",
            "account_id",
            "reason",
            "at",
            "actor",
            "source_ip",
            "request_id");
    assertThat(entry)
        .containsEntry("action", action)
        .containsEntry("account_id", Callers.CHILE)
        .containsEntry("reason", null)
        .containsEntry("actor", "reader")
        .containsEntry("source_ip", "127.0.0.1")
        .containsEntry("request_id", reply.headers().get("apigw-requestid"));
    assertThat(entry.getDate("at").toInstant()).isBetween(begun, database.db().now());
  }

  @Test
  void everyAttemptIsAudited() {
    String batch = batch();
    api.post("reader", "/batches/" + batch + "/cancel").problem(403, "FORBIDDEN");
    api.post("scopeless", "/batches/" + batch + "/cancel").problem(403, "FORBIDDEN");
    api.post("operator", "/batches/" + batch + "/cancel?reason=basta").ok();
    assertThat(database.audited(batch))
        .extracting(entry -> entry.getString("action") + " by " + entry.getString("actor"))
        .containsExactlyInAnyOrder(
            "batch.cancel_denied by reader",
            "batch.cancel_denied by scopeless",
            "batch.cancelled by operator");
    assertThat(database.stored(batch).getString("cancellation_reason")).isEqualTo("basta");
  }

  @Test
  void readerCannotTouchCancelledBatch() {
    String batch = batch();
    api.post("operator", "/batches/" + batch + "/cancel").ok();
    for (String route : List.of("/cancel", "/pause", "/resume")) {
      api.post("reader", "/batches/" + batch + route).problem(403, "FORBIDDEN");
    }
    api.post("operator", "/batches/" + batch + "/resume").problem(409, "BATCH_CANCELLED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cancel", "/pause", "/resume"})
  void attemptsOnForeignBatchesAreNotAudited(String route) {
    String batch = batch();
    long before = database.db().auditLog().countDocuments();
    api.post("other", "/batches/" + batch + route).problem(404, "BATCH_NOT_FOUND");
    api.post("accountless", "/batches/" + batch + route).problem(404, "BATCH_NOT_FOUND");
    api.post("none", "/batches/" + batch + route).problem(401, "UNAUTHENTICATED");
    assertThat(database.db().auditLog().countDocuments()).isEqualTo(before);
  }

  private static String batch() {
    String batch = database.batch();
    database.jobs(Builders.job(batch, "pending"), Builders.job(batch, "in_progress"));
    return batch;
  }
}
