package dev.pulso.functions.pause;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.audit.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.config.Settings;
import dev.pulso.local.database.MongoServer;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchPauseHandlerIT {
  private static final ObjectId ID = new ObjectId("678790a00000000000000004");

  private final Pulso pulso =
      Pulso.open(
          Pulso.Options.of(
              Settings.from(
                  Map.of(
                      "ALLOW_ANONYMOUS",
                      "true",
                      "MONGODB_URI",
                      MongoServer.forTests().uri(),
                      "MONGODB_DATABASE",
                      "test_" + UUID.randomUUID().toString().replace("-", "")))));
  private final BatchPauseHandler handler = new BatchPauseHandler(pulso);
  private final Document uploaded =
      new Document("_id", ID)
          .append("batch_id", "b")
          .append("account_id", "acc-chile-001")
          .append("is_active", true)
          .append("priority", 2)
          .append("dialer", new Document("lines", 4))
          .append("updated_at", new Date(0));

  @BeforeEach
  void upload() {
    pulso.db().batches().insertOne(uploaded);
    pulso.db().jobs().insertOne(new Document("batch_id", "b").append("status", "pending"));
  }

  @AfterEach
  void close() {
    pulso.db().database().drop();
    pulso.close();
  }

  @Test
  void pauseAndResumeSwitchTheBatchAndStampItAndNothingElse() {
    Document job = pulso.db().jobs().find().first();
    assertThat(post("b", "pause").getBody())
        .isEqualTo("{\"success\":true,\"message\":\"Batch paused\"}");
    assertThat(batch()).isEqualTo(uploadedWith(false, batch().getDate("updated_at")));
    assertThat(batch().getDate("updated_at")).isAfter(new Date(0));

    assertThat(post("b", "resume").getBody())
        .isEqualTo("{\"success\":true,\"message\":\"Batch resumed\"}");
    assertThat(batch()).isEqualTo(uploadedWith(true, batch().getDate("updated_at")));
    assertThat(pulso.db().jobs().find().first()).isEqualTo(job);
  }

  @Test
  void againIsTheSameAnswerAndNoSecondAuditEntry() {
    post("b", "pause");
    Document paused = batch();
    APIGatewayV2HTTPResponse again = post(ID.toHexString(), "pause");
    assertThat(again.getStatusCode()).isEqualTo(200);
    assertThat(again.getBody()).isEqualTo("{\"success\":true,\"message\":\"Batch paused\"}");
    assertThat(batch()).isEqualTo(paused);
    assertThat(audited()).containsExactly("batch.paused");
  }

  @Test
  void everySwitchIsAuditedAsAnActionOfItsOwn() {
    post("b", "pause");
    post("b", "resume");
    post("b", "pause");
    assertThat(audited()).containsExactly("batch.paused", "batch.resumed", "batch.paused");
    Document entry = pulso.db().auditLog().find().first();
    assertThat(entry)
        .containsEntry("batch_id", "b")
        .containsEntry("account_id", "acc-chile-001")
        .containsEntry("reason", null)
        .containsEntry("actor", null)
        .containsEntry("source_ip", "203.0.113.24")
        .containsEntry("request_id", "request-1");
    assertThat(entry.getDate("at")).isNotNull();
  }

  @Test
  void aBatchThatNobodyMadeActiveCanBeResumed() {
    pulso.db().batches().updateOne(new Document(), new Document("$unset", Map.of("is_active", "")));
    assertThat(post("b", "resume").getStatusCode()).isEqualTo(200);
    assertThat(batch().getBoolean("is_active")).isTrue();
  }

  @Test
  void aCancelledBatchIsNeitherPausedNorResumed() {
    pulso
        .services()
        .cancel()
        .cancel(
            Caller.ANONYMOUS,
            new BatchAddress("b"),
            Optional.empty(),
            new Origin(Optional.empty(), Optional.empty(), Optional.empty()),
            Deadline.in(Duration.ofSeconds(20)));
    Document cancelled = batch();
    for (String action : List.of("pause", "resume")) {
      APIGatewayV2HTTPResponse refused = post("b", action);
      assertThat(refused.getStatusCode()).isEqualTo(409);
      assertThat(refused.getHeaders()).containsEntry("Content-Type", "application/problem+json");
      assertThat(refused.getBody()).contains("\"code\":\"BATCH_CANCELLED\"");
    }
    assertThat(batch()).isEqualTo(cancelled);
    assertThat(audited()).containsExactly("batch.cancelled");
  }

  @Test
  void anUnknownBatchIsNotFound() {
    APIGatewayV2HTTPResponse answer = post("nope", "resume");
    assertThat(answer.getStatusCode()).isEqualTo(404);
    assertThat(answer.getBody())
        .contains("\"detail\":\"Batch not found\"", "\"code\":\"BATCH_NOT_FOUND\"");
  }

  private APIGatewayV2HTTPResponse post(String batch, String action) {
    return handler.handleRequest(Requests.of("POST", batch, action), null);
  }

  private Document batch() {
    return pulso.db().batches().find(new Document("_id", ID)).first();
  }

  private Document uploadedWith(boolean isActive, Date updatedAt) {
    return new Document(uploaded)
        .append("is_active", isActive)
        .append("updated_at", updatedAt)
        .append("pulso", new Document("acted_at", updatedAt));
  }

  private List<String> audited() {
    return pulso
        .db()
        .auditLog()
        .find()
        .sort(new Document("at", 1))
        .map(entry -> entry.getString("action"))
        .into(new ArrayList<>());
  }
}
