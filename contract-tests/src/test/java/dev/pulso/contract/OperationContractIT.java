package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.openapi.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POST and GET of /api/v1/batch-operations, sentence by sentence. */
class OperationContractIT {
  @AutoClose private static final ContractDatabase database = ContractDatabase.open();

  private final Api api = database.api();
  private final String account = ContractDatabase.name("acc");
  private List<String> batches;

  @BeforeEach
  void upload() {
    batches =
        Stream.generate(() -> ContractDatabase.name("batch"))
            .limit(3)
            .peek(id -> database.batch(Builders.batch(id).append("account_id", account)))
            .toList();
    batches.forEach(id -> database.jobs(Builders.jobs(4, id, "pending")));
    batches.forEach(id -> database.jobs(Builders.job(id, "scheduled")));
    api.pause(batches.getLast()).ok();
    database.pulso().runUpkeep(Duration.ofSeconds(20));
  }

  @Test
  void dryRunCountsAndChangesNothing() {
    List<Document> before = stored();
    Reply preview = api.operate(ofAccount("pause", "\"dry_run\":true")).ok();
    assertThat(preview.body())
        .isEqualTo(
            ("{\"action\":\"pause\",\"batches\":2,\"jobs\":10,\"unchanged\":1,\"examples\":["
                    + "{\"batch_id\":\"%1$s\",\"name\":\"Campaña %1$s\"},"
                    + "{\"batch_id\":\"%2$s\",\"name\":\"Campaña %2$s\"}]}")
                .formatted(batches.get(0), batches.get(1)));
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void cancelIsAcceptedAndShownAtOnce() {
    Reply accepted = api.operate(ofAccount("cancel", "\"expected\":3,\"reason\":\" ¡ya está! \""));
    String id = (String) accepted.at("operation_id");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.body())
        .isEqualTo("{\"operation_id\":\"%s\",\"action\":\"cancel\",\"batches\":3}".formatted(id));
    assertThat(accepted.headers()).containsEntry("Location", "batch-operations/" + id);
    for (String batch : batches) {
      assertThat(api.status(batch).ok().at("is_active")).isEqualTo(false);
      assertThat(database.stored(batch)).containsEntry("cancellation_reason", "¡ya está!");
    }
    assertThat(api.overview(account).count("detailed_stats.batches.active_count")).isZero();
    Reply progress = finished(id);
    assertThat(progress.keys())
        .containsExactly(
            "operation_id",
            "action",
            "reason",
            "actor",
            "created_at",
            "batches",
            "done",
            "unchanged",
            "jobs_cancelled",
            "finished_at");
    assertThat(progress.at("reason")).isEqualTo("¡ya está!");
    assertThat(progress.at("actor")).isNull();
    assertThat(progress.count("batches")).isEqualTo(3);
    assertThat(progress.count("done")).isEqualTo(3);
    assertThat(progress.count("jobs_cancelled")).isEqualTo(15);
    assertThat(entries(id)).hasSize(3).allSatisfy(OperationContractIT::isCancelEntry);
    assertThat(
            api.send(
                    Call.to("GET", Api.OPERATION)
                        .of(id)
                        .having("If-None-Match", progress.headers().get("ETag")))
                .status())
        .isEqualTo(304);
  }

  /** Asks until the operation is done: on a busy machine, no single request has to finish it. */
  private Reply finished(String id) {
    return Eventually.answer(
        Duration.ofSeconds(30),
        () -> api.operation(id).ok(),
        progress -> progress.at("finished_at") != null);
  }

  private static void isCancelEntry(Document entry) {
    assertThat(entry)
        .containsEntry("action", "batch.cancelled")
        .containsEntry("reason", "¡ya está!")
        .containsEntry("source_ip", Call.SOURCE_IP)
        .containsEntry("request_id", Call.REQUEST_ID);
  }

  @Test
  void statusNarrowsResume() {
    String active = "\"status\":\"running\",\"dry_run\":true";
    assertThat(api.operate(ofAccount("resume", active)).ok().count("batches")).isZero();
    String paused = "\"status\":\"Paused, completed\",\"dry_run\":true";
    assertThat(api.operate(ofAccount("resume", paused)).ok().count("batches")).isEqualTo(1);
  }

  @Test
  void qNarrowsToText() {
    String q = "\"q\":\"CAMPANA %s\",\"dry_run\":true".formatted(batches.getFirst());
    assertThat(api.operate(ofAccount("cancel", q)).ok().count("batches")).isEqualTo(1);
  }

  @Test
  void otherNumberThanExpectedChangesNothing() {
    List<Document> before = stored();
    Reply changed = api.operate(ofAccount("cancel", "\"expected\":2"));
    changed.problem(409, "SELECTION_CHANGED");
    assertThat(changed.count("batches")).isEqualTo(3);
    assertThat(stored()).isEqualTo(before);
    api.operate(ofAccount("cancel", "\"reason\":null")).problem(400, "EXPECTED_REQUIRED");
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void batchesAreNamedByEitherId() {
    String hex = database.stored(batches.getFirst()).getObjectId("_id").toHexString();
    String ids = String.join("\",\"", batches.getFirst(), hex, batches.get(1), "absent");
    String body = "{\"action\":\"cancel\",\"batch_ids\":[\"%s\"],\"dry_run\":true}".formatted(ids);
    Reply preview = api.operate(body).ok();
    assertThat(preview.count("batches")).isEqualTo(2);
    assertThat(preview.count("unchanged")).isZero();
  }

  @Test
  void manyWhoAskSeeOneOperation() {
    String id = (String) api.operate(ofAccount("cancel", "\"expected\":3")).at("operation_id");
    List<Object> ids = stored().stream().map(batch -> batch.get("_id")).toList();
    Document again =
        new Document("unfinished", true)
            .append("done", 0)
            .append("jobs_cancelled", 0)
            .append("batches", ids);
    database
        .db()
        .operations()
        .updateOne(
            new Document("_id", new ObjectId(id)),
            new Document("$set", again).append("$unset", new Document("finished_at", 1)));
    List<CompletableFuture<Reply>> replies =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> api.operation(id), Thread::startVirtualThread))
            .toList();
    replies.forEach(reply -> assertThat(reply.join().ok().count("done")).isIn(0L, 3L));
    Reply progress = finished(id);
    assertThat(progress.count("done")).isEqualTo(3);
    assertThat(progress.count("jobs_cancelled")).isEqualTo(15);
    assertThat(entries(id)).hasSize(3);
  }

  @Test
  void overviewOfBeforeIsNotServed() {
    assertThat(api.overview(account).count("detailed_stats.batches.active_count")).isEqualTo(2);
    assertThat(api.operate(ofAccount("pause", "\"expected\":2")).status()).isEqualTo(202);
    assertThat(api.overview(account).count("detailed_stats.batches.active_count")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON ; charset=utf-8"})
  void jsonIsReadInBase64(String type) {
    String json = ofAccount("cancel", "\"dry_run\":true");
    APIGatewayV2HTTPEvent event =
        Call.to("POST", Api.OPERATIONS).sending(json).having("content-type", type).event();
    event.setIsBase64Encoded(true);
    event.setBody(Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    assertThat(answer(event).ok().count("batches")).isEqualTo(3);
    event.setBody(Base64.getEncoder().encodeToString(new byte[] {'"', (byte) 0xc0, '"'}));
    answer(event).problem(400, "MALFORMED_REQUEST");
    event.setBody("no base64!");
    answer(event).problem(400, "MALFORMED_REQUEST");
  }

  private Reply answer(APIGatewayV2HTTPEvent event) {
    return Reply.of(Answer.of(api.handler(Api.OPERATIONS).handleRequest(event, null)));
  }

  private String ofAccount(String action, String rest) {
    return "{\"action\":\"%s\",\"account_id\":\"%s\",%s}".formatted(action, account, rest);
  }

  private List<Document> stored() {
    return database
        .db()
        .batches()
        .find(new Document("account_id", account))
        .into(new ArrayList<>());
  }

  private static List<Document> entries(String operation) {
    return database
        .db()
        .auditLog()
        .find(new Document("operation_id", operation))
        .into(new ArrayList<>());
  }
}
