package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.server.TemplateEdge;
import dev.pulso.openapi.Answer;
import dev.pulso.openapi.Documented;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Calls the handlers with events of API Gateway. Every answer must be in openapi.yaml. */
final class Api {
  static final String STATUS = "/api/v1/batches/{batch_id}/status";
  static final String DETAILS = "/api/v1/batches/{batch_id}";
  static final String SUMMARY = "/api/v1/batches/{batch_id}/summary";
  static final String CANCEL = "/api/v1/batches/{batch_id}/cancel";
  static final String PAUSE = "/api/v1/batches/{batch_id}/pause";
  static final String RESUME = "/api/v1/batches/{batch_id}/resume";
  static final String OPERATIONS = "/api/v1/batch-operations";
  static final String OPERATION = "/api/v1/batch-operations/{operation_id}";
  static final String OVERVIEW = "/api/v1/dashboard/overview";
  static final String LIST = "/api/v1/batches";
  static final String WEBHOOKS = "/api/v1/webhooks";
  static final String WEBHOOK = "/api/v1/webhooks/{webhook_id}";
  static final String ACCOUNTS = "/api/v1/accounts";

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Map<String, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>>
      functions;
  private final Map<String, String> claims;

  /** Calls without a token. */
  Api(Pulso pulso) {
    this(pulso, Map.of());
  }

  /** Calls with these claims, as the gateway formats them. */
  Api(Pulso pulso, Map<String, String> claims) {
    this.claims = claims;
    functions = TemplateEdge.functions(pulso);
  }

  Reply status(String address) {
    return send(Call.to("GET", STATUS).of(address));
  }

  Reply summary(String address) {
    return send(Call.to("GET", SUMMARY).of(address));
  }

  Reply details(String address) {
    return send(Call.to("GET", DETAILS).of(address));
  }

  Reply cancel(String address) {
    return cancelWithQuery(address, "");
  }

  Reply cancel(String address, String reason) {
    return cancelWithQuery(address, "reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8));
  }

  /** Cancels with this raw query, again while a busy server leaves the rest to later. */
  Reply cancelWithQuery(String address, String rawQuery) {
    Call cancel = Call.to("POST", CANCEL).of(address).with(rawQuery);
    return Eventually.answer(SOON, () -> send(cancel), reply -> reply.status() != 202);
  }

  Reply pause(String address) {
    return send(Call.to("POST", PAUSE).of(address));
  }

  Reply resume(String address) {
    return send(Call.to("POST", RESUME).of(address));
  }

  /** Asks for an operation with this JSON. */
  Reply operate(String json) {
    return send(Call.to("POST", OPERATIONS).sending(json));
  }

  /** Creates a webhook by this JSON. */
  Reply webhook(String json) {
    return send(Call.to("POST", WEBHOOKS).sending(json));
  }

  Reply operation(String id) {
    return send(Call.to("GET", OPERATION).of(id));
  }

  /** Requests overviews until one is not stale. */
  Reply overview() {
    return current(Call.to("GET", OVERVIEW));
  }

  /** Does the same for an account. */
  Reply overview(String accountId) {
    String account = URLEncoder.encode(accountId, StandardCharsets.UTF_8);
    return current(Call.to("GET", OVERVIEW).with("account_id=" + account));
  }

  /** Repeats a request while its answer is stale: a busy server can't check each cached one. */
  Reply current(Call call) {
    return Eventually.answer(
        SOON, () -> send(call), reply -> !reply.headers().containsKey("Warning"));
  }

  /** Requests overviews until one is complete: only such ones are cached. */
  Reply completeOverview() {
    return Eventually.answer(
        SOON, this::overview, reply -> "complete".equals(reply.headers().get("Pulso-Counting")));
  }

  /** Requests an overview with this raw query, stale or not. */
  Reply overviewWithQuery(String rawQuery) {
    return send(Call.to("GET", OVERVIEW).with(rawQuery));
  }

  Reply list() {
    return listWithQuery("");
  }

  /** Requests a list of batches with this raw query. */
  Reply listWithQuery(String rawQuery) {
    return send(Call.to("GET", LIST).with(rawQuery));
  }

  Reply accounts() {
    return send(Call.to("GET", ACCOUNTS));
  }

  Reply send(Call call) {
    return send(call, null);
  }

  /** Sends a request to a function with this context. */
  Reply send(Call call, Context context) {
    Call asked = call.claims().isEmpty() ? call.by(claims) : call;
    Answer answer = Answer.of(handler(call.path()).handleRequest(asked.event(), context));
    return Reply.of(Documented.check(call.method(), call.path(), answer));
  }

  RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler(String path) {
    return functions.get(path);
  }
}
