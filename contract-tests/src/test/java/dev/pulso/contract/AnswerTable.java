package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Unhurried.unhurried;

import com.mongodb.client.model.Updates;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import dev.pulso.webhooks.WebhookService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bson.Document;

/** How to produce each answer in openapi.yaml, with each code that it may have. */
final class AnswerTable {
  private static final String NO_CODE = "";
  private static final Map<String, String> WITHOUT_SCOPE =
      Map.of("sub", "ana", "account_ids", "acc-chile-001");
  private static final Map<String, String> READER =
      Map.of("sub", "ana", "account_ids", "acc-chile-001", "scope", "pulso:read");
  private static final Map<String, String> OPERATOR =
      Map.of("sub", "ana", "account_ids", "acc-chile-001", "scope", "pulso:operate");
  private static final String WEBHOOK = "WEBHOOK_NOT_FOUND";
  private static final String TOO_LONG = "x".repeat(20_000);

  private final Operation operation;
  private final List<ExpectedAnswer> rows = new ArrayList<>();

  private AnswerTable(Operation operation) {
    this.operation = operation;
  }

  static List<ExpectedAnswer> rows() {
    List<ExpectedAnswer> all = new ArrayList<>();
    for (Operation operation : OpenApi.document().operations()) {
      AnswerTable table = new AnswerTable(operation);
      table.all();
      switch (operation.id()) {
        case "getBatchStatus" -> table.status();
        case "getBatchSummary" -> table.summary();
        case "cancelBatch" -> table.cancel();
        case "pauseBatch", "resumeBatch" -> table.pauseAndResume();
        case "beginBatchOperation" -> table.beginOperation();
        case "getBatchOperation" -> table.operation();
        case "getOverview" -> {
          table.overview(READER);
          table.row(503, "TIMED_OUT", Worlds::behind);
        }
        case "listBatches" -> table.list();
        case "getBatch", "listAccounts" -> table.revalidated();
        case "listWebhooks" -> table.overview(OPERATOR);
        case "createWebhook" -> table.createWebhook();
        case "getWebhook" -> {
          table.revalidated();
          table.one(WEBHOOK);
        }
        case "deleteWebhook", "enableWebhook", "rotateWebhookSecret" -> table.one(WEBHOOK);
        case "testWebhook" -> {
          table.one(WEBHOOK);
          table.disabled();
        }
        case "listDeliveries" -> table.deliveries();
        case "redeliver" -> table.redeliver();
        case "createTicket" -> {
          // It can only be made, or not.
        }
        default -> throw new IllegalStateException("no rows for " + operation.id());
      }
      all.addAll(table.rows);
    }
    return all;
  }

  private void all() {
    int ok = operation.answers().keySet().stream().min(Integer::compare).orElseThrow();
    row(ok, NO_CODE, UnaryOperator.identity());
    row(400, "MALFORMED_REQUEST", call -> call.with("a=%zz"));
    row(401, "UNAUTHENTICATED", (w, call) -> w.guarded().send(call));
    row(403, "FORBIDDEN", call -> call.by(WITHOUT_SCOPE));
    row(405, "METHOD_NOT_ALLOWED", call -> call.as("PUT"));
    row(408, "REQUEST_TIMEOUT", (w, call) -> w.slow(call, call.head("Content-Length: 99999")));
    row(413, "BODY_TOO_LARGE", (w, call) -> w.wire(call, call.head("Content-Length: 9999999")));
    row(414, "URI_TOO_LONG", (w, call) -> w.wire(call, call.with(TOO_LONG).head()));
    row(431, "HEADERS_TOO_LARGE", (w, call) -> w.wire(call, call.head("X-Long: " + TOO_LONG)));
    row(500, "INTERNAL_ERROR", (w, call) -> w.broken().send(call));
    for (Lack lack : Lack.values()) {
      row(503, lack.name(), (w, call) -> w.lacking(lack).send(call));
    }
    row(503, "DATABASE_UNAVAILABLE", (w, call) -> w.away().send(call));
    row(503, "GATEWAY_TIMEOUT", (w, call) -> w.stuck(call, call.whole()));
    if (operation.path().contains("{batch_id}")) {
      one("BATCH_NOT_FOUND");
    }
  }

  private void revalidated() {
    row(304, NO_CODE, (w, call) -> w.api().current(call.having("If-None-Match", "*")));
  }

  private void body() {
    row(400, "INVALID_BODY", call -> call.sending("{}"));
    row(
        403,
        "ACCOUNT_FORBIDDEN",
        call -> changed(call.by(OPERATOR), "acc-chile-001", "acc-peru-001"));
    row(415, "UNSUPPORTED_MEDIA_TYPE", call -> call.having("content-type", "text/plain"));
  }

  private static Call changed(Call call, String part, String instead) {
    return call.sending(call.body().replace(part, instead));
  }

  /** The path names one thing. */
  private void one(String unknown) {
    row(400, "INVALID_PATH", call -> call.of("\u0001"));
    row(404, unknown, call -> call.of("nowhere"));
  }

  private void status() {
    revalidated();
    row(429, "RATE_LIMITED", (w, call) -> w.impatiently(call.by(READER)));
  }

  private void summary() {
    revalidated();
    row(503, "TIMED_OUT", Worlds::hurried);
  }

  private void beginOperation() {
    body();
    row(202, NO_CODE, call -> call.sending(pause("nowhere", 0)));
    row(400, "EXPECTED_REQUIRED", call -> changed(call, "true", "false"));
    row(400, "INVALID_PARAMETER", call -> changed(call, "true", "true,\"status\":\"x\""));
    row(
        400,
        "INVALID_REASON",
        call -> changed(call, "pause\"", "cancel\",\"reason\":\"a\\u0000b\""));
    row(
        400,
        "TOO_MANY_BATCHES",
        (w, call) -> {
          Document batch = new Document("account_id", "acc-many");
          unhurried(w.database().db().batches())
              .insertMany(Stream.generate(() -> new Document(batch)).limit(5_001).toList());
          return w.api().send(changed(call, "acc-chile-001", "acc-many"));
        });
    row(409, "SELECTION_CHANGED", call -> call.sending(pause("nowhere", 7)));
  }

  private static String pause(String batch, int expected) {
    return "{\"action\":\"pause\",\"batch_ids\":[\"%s\"],\"expected\":%d}"
        .formatted(batch, expected);
  }

  private void operation() {
    revalidated();
    one("OPERATION_NOT_FOUND");
  }

  private void createWebhook() {
    body();
    row(400, "INVALID_URL", call -> changed(call, "https", "http"));
    row(400, "ACCOUNT_REQUIRED", call -> changed(call, "\"acc-chile-001\"", "null"));
    row(
        409,
        "TOO_MANY_WEBHOOKS",
        (w, call) -> {
          Call full = changed(call, "acc-chile-001", "acc-full");
          for (int i = 0; i < WebhookService.MOST; i++) {
            w.api().send(full);
          }
          return w.api().send(full);
        });
  }

  private void disabled() {
    row(
        409,
        "WEBHOOK_DISABLED",
        (w, call) -> {
          String webhook = call.batch().orElseThrow().split("/")[0];
          w.database()
              .db()
              .webhooks()
              .updateOne(new Document("_id", webhook), Updates.currentDate("disabled_at"));
          return w.api().send(call);
        });
  }

  private void deliveries() {
    revalidated();
    one(WEBHOOK);
    row(400, "INVALID_PARAMETER", call -> call.with("limit=0"));
    row(400, "REPEATED_PARAMETER", call -> call.with("limit=1&limit=2"));
  }

  private void redeliver() {
    one(WEBHOOK);
    disabled();
    row(404, "DELIVERY_NOT_FOUND", call -> call.of(call.batch().orElseThrow() + "x"));
  }

  private void list() {
    overview(READER);
    row(400, "INVALID_PARAMETER", call -> call.with("limit=0"));
  }

  private void overview(Map<String, String> caller) {
    revalidated();
    row(400, "INVALID_ACCOUNT", call -> call.with("account_id=a%00b"));
    row(400, "REPEATED_PARAMETER", call -> call.with("account_id=a&account_id=b"));
    row(403, "ACCOUNT_FORBIDDEN", call -> call.by(caller).with("account_id=acc-peru-001"));
  }

  private void cancel() {
    row(
        202,
        NO_CODE,
        (w, call) -> {
          w.database().jobs(jobs(3, call.batch().orElseThrow(), "pending"));
          return w.hurried(call);
        });
    row(400, "INVALID_REASON", call -> call.with("reason=a%00b"));
    row(400, "REPEATED_PARAMETER", call -> call.with("reason=a&reason=b"));
  }

  private void pauseAndResume() {
    row(
        409,
        "BATCH_CANCELLED",
        (w, call) -> {
          w.api().cancel(call.batch().orElseThrow()).ok();
          return w.api().send(call);
        });
  }

  /** In normal conditions, a valid call gets this answer once it is changed so. */
  private void row(int status, String code, UnaryOperator<Call> change) {
    row(status, code, (w, call) -> w.api().send(change.apply(call)));
  }

  private void row(int status, String code, ExpectedAnswer.Question question) {
    rows.add(new ExpectedAnswer(operation, status, code, question));
  }
}
