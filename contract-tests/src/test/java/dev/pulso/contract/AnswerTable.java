package dev.pulso.contract;

import static dev.pulso.fixture.Builders.jobs;

import com.mongodb.client.model.Updates;
import dev.pulso.mongo.UnsupportedDatabaseException.Lack;
import dev.pulso.openapi.OpenApi;
import dev.pulso.openapi.Operation;
import dev.pulso.webhooks.WebhookService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final String TOO_LONG = "x".repeat(20_000);

  private final Operation operation;
  private final List<Row> rows = new ArrayList<>();

  private AnswerTable(Operation operation) {
    this.operation = operation;
  }

  static List<Row> rows() {
    List<Row> all = new ArrayList<>();
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
        case "getOverview" -> table.overview();
        case "listBatches" -> table.list();
        case "getBatch", "listAccounts" -> table.revalidated();
        case "listWebhooks" -> table.overview(OPERATOR);
        case "createWebhook" -> table.createWebhook();
        case "getWebhook" -> {
          table.revalidated();
          table.webhook();
        }
        case "deleteWebhook", "enableWebhook", "rotateWebhookSecret" -> table.webhook();
        case "testWebhook" -> {
          table.webhook();
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
    row(ok, NO_CODE, (w, call) -> w.api().send(call));
    row(400, "MALFORMED_REQUEST", (w, call) -> w.api().send(call.with("a=%zz")));
    row(401, "UNAUTHENTICATED", (w, call) -> w.guarded().send(call));
    row(403, "FORBIDDEN", (w, call) -> w.api().send(call.by(WITHOUT_SCOPE)));
    row(405, "METHOD_NOT_ALLOWED", (w, call) -> w.api().send(call.as("PUT")));
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
      row(400, "INVALID_PATH", (w, call) -> w.api().send(call.of("\u0001")));
      row(404, "BATCH_NOT_FOUND", (w, call) -> w.api().send(call.of("nowhere")));
    }
  }

  private void revalidated() {
    row(304, NO_CODE, (w, call) -> w.api().send(call.having("If-None-Match", "*")));
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
    row(202, NO_CODE, (w, call) -> w.api().send(call.sending(pause("nowhere", 0))));
    row(400, "INVALID_BODY", (w, call) -> w.api().send(call.sending("{}")));
    row(
        400,
        "EXPECTED_REQUIRED",
        (w, call) -> w.api().send(call.sending(changed(call, "\"dry_run\":false"))));
    row(
        400,
        "INVALID_PARAMETER",
        (w, call) ->
            w.api().send(call.sending(changed(call, "\"dry_run\":true,\"status\":\"x\""))));
    row(
        400,
        "INVALID_REASON",
        (w, call) ->
            w.api()
                .send(
                    call.sending(
                        "{\"action\":\"cancel\",\"all\":true,\"dry_run\":true,\"reason\":\"a\\u0000b\"}")));
    row(
        400,
        "TOO_MANY_BATCHES",
        (w, call) -> {
          Document batch = new Document("account_id", "acc-many");
          w.database()
              .db()
              .batches()
              .insertMany(Stream.generate(() -> new Document(batch)).limit(5_001).toList());
          return w.api().send(call.sending(call.body().replace("acc-chile-001", "acc-many")));
        });
    row(
        403,
        "ACCOUNT_FORBIDDEN",
        (w, call) ->
            w.api()
                .send(
                    call.by(OPERATOR)
                        .sending(call.body().replace("acc-chile-001", "acc-peru-001"))));
    row(409, "SELECTION_CHANGED", (w, call) -> w.api().send(call.sending(pause("nowhere", 7))));
    row(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        (w, call) -> w.api().send(call.having("content-type", "text/plain")));
  }

  private static String pause(String batch, int expected) {
    return "{\"action\":\"pause\",\"batch_ids\":[\"%s\"],\"expected\":%d}"
        .formatted(batch, expected);
  }

  private static String changed(Call call, String dryRun) {
    return call.body().replace("\"dry_run\":true", dryRun);
  }

  private void operation() {
    row(304, NO_CODE, (w, call) -> w.api().send(call.having("If-None-Match", "*")));
    row(400, "INVALID_PATH", (w, call) -> w.api().send(call.of("\u0001")));
    row(404, "OPERATION_NOT_FOUND", (w, call) -> w.api().send(call.of("nowhere")));
  }

  private void createWebhook() {
    row(400, "INVALID_BODY", (w, call) -> w.api().send(call.sending("{}")));
    row(
        400,
        "INVALID_URL",
        (w, call) -> w.api().send(call.sending(call.body().replace("https", "http"))));
    row(
        400,
        "ACCOUNT_REQUIRED",
        (w, call) -> w.api().send(call.sending(call.body().replace("\"acc-chile-001\"", "null"))));
    row(
        403,
        "ACCOUNT_FORBIDDEN",
        (w, call) ->
            w.api()
                .send(
                    call.by(OPERATOR)
                        .sending(call.body().replace("acc-chile-001", "acc-peru-001"))));
    row(
        409,
        "TOO_MANY_WEBHOOKS",
        (w, call) -> {
          Call full = call.sending(call.body().replace("acc-chile-001", "acc-full"));
          for (int i = 0; i < WebhookService.MOST; i++) {
            w.api().send(full);
          }
          return w.api().send(full);
        });
    row(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        (w, call) -> w.api().send(call.having("content-type", "text/plain")));
  }

  private void webhook() {
    row(400, "INVALID_PATH", (w, call) -> w.api().send(call.of("\u0001")));
    row(404, "WEBHOOK_NOT_FOUND", (w, call) -> w.api().send(call.of("nowhere")));
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
    webhook();
    row(400, "INVALID_PARAMETER", (w, call) -> w.api().send(call.with("limit=0")));
    row(400, "REPEATED_PARAMETER", (w, call) -> w.api().send(call.with("limit=1&limit=2")));
  }

  private void redeliver() {
    webhook();
    disabled();
    row(
        404,
        "DELIVERY_NOT_FOUND",
        (w, call) -> w.api().send(call.of(call.batch().orElseThrow() + "x")));
  }

  private void list() {
    overview();
    row(400, "INVALID_PARAMETER", (w, call) -> w.api().send(call.with("limit=0")));
  }

  private void overview() {
    overview(READER);
  }

  private void overview(Map<String, String> caller) {
    revalidated();
    row(400, "INVALID_ACCOUNT", (w, call) -> w.api().send(call.with("account_id=a%00b")));
    row(
        400,
        "REPEATED_PARAMETER",
        (w, call) -> w.api().send(call.with("account_id=a&account_id=b")));
    row(
        403,
        "ACCOUNT_FORBIDDEN",
        (w, call) -> w.api().send(call.by(caller).with("account_id=acc-peru-001")));
  }

  private void cancel() {
    row(
        202,
        NO_CODE,
        (w, call) -> {
          w.database().jobs(jobs(3, call.batch().orElseThrow(), "pending"));
          return w.hurried(call);
        });
    row(400, "INVALID_REASON", (w, call) -> w.api().send(call.with("reason=a%00b")));
    row(400, "REPEATED_PARAMETER", (w, call) -> w.api().send(call.with("reason=a&reason=b")));
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

  private void row(int status, String code, Question question) {
    rows.add(new Row(operation, status, code, question));
  }

  /** A request in a world. */
  @FunctionalInterface
  interface Question {
    /** Sends the request, derived from a valid call of the operation. */
    Reply ask(Worlds worlds, Call call);
  }

  /** One answer of an operation, and the request that produces it. */
  record Row(Operation operation, int status, String code, Question question) {
    @Override
    public String toString() {
      return "%s %d %s".formatted(operation.id(), status, code).strip();
    }
  }
}
