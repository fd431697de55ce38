package dev.pulso.functions.webhooks;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.ColdStart;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.http.Answers;
import dev.pulso.http.ApiHandler;
import dev.pulso.http.ApiRequest;
import dev.pulso.text.JsonWriter;
import dev.pulso.time.Deadline;
import dev.pulso.webhooks.Delivery;
import dev.pulso.webhooks.DeliveryPage;
import dev.pulso.webhooks.Webhook;
import dev.pulso.webhooks.WebhookService;
import dev.pulso.webhooks.WebhookService.Created;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Everything under /api/v1/webhooks: who is told of events, and what became of that. */
public final class WebhooksHandler extends ApiHandler {
  private static final String COLLECTION = "webhooks";
  private static final String ONE = "{webhook_id}";
  private static final String ID = "webhook_id";

  private final Pulso pulso;

  /** Used by Lambda. */
  public WebhooksHandler() {
    this(ColdStart.pulso());
  }

  /** Uses a Pulso that the caller closes. */
  public WebhooksHandler(Pulso pulso) {
    super(pulso.settings(), pulso.observer(), COLLECTION, "POST");
    this.pulso = pulso;
  }

  @Override
  protected List<String> methods(ApiRequest request) {
    return switch (request.action()) {
      case COLLECTION -> List.of("GET", "POST");
      case ONE -> List.of("GET", "DELETE");
      case "deliveries" -> List.of("GET");
      default -> super.methods(request);
    };
  }

  @Override
  protected APIGatewayV2HTTPResponse answer(ApiRequest request, Caller caller, Deadline deadline) {
    Origin origin = request.origin(caller);
    return switch (request.action()) {
      case COLLECTION ->
          request.method().equals("POST")
              ? create(request, caller, origin)
              : list(request, caller, origin);
      case ONE ->
          request.method().equals("DELETE")
              ? delete(request, caller, origin)
              : find(request, caller, origin);
      case "enable" -> enable(request, caller, origin);
      case "secret" -> rotate(request, caller, origin);
      case "test" -> test(request, caller, origin);
      case "deliveries" -> deliveries(request, caller, origin);
      default -> redeliver(request, caller, origin);
    };
  }

  private <T> T ask(Function<WebhookService, T> question) {
    return pulso.ask(all -> question.apply(all.webhooks().service()));
  }

  private static String id(ApiRequest request) {
    return request.pathParameter(ID);
  }

  private APIGatewayV2HTTPResponse create(ApiRequest request, Caller caller, Origin origin) {
    WebhookBody body = WebhookBody.parse(request.jsonBody());
    Created created =
        ask(all -> all.create(caller, body.account(), body.url(), body.events(), origin));
    // Relative, because a proxy or a stage may put something before the path.
    String location = COLLECTION + "/" + created.webhook().id();
    return Answers.json(201, Map.of("Location", location), json -> write(json, created));
  }

  private APIGatewayV2HTTPResponse find(ApiRequest request, Caller caller, Origin origin) {
    Webhook webhook = ask(all -> all.find(caller, id(request), origin));
    return Answers.revalidated(request, json -> write(json, webhook));
  }

  private APIGatewayV2HTTPResponse enable(ApiRequest request, Caller caller, Origin origin) {
    Webhook webhook = ask(all -> all.enable(caller, id(request), origin));
    return Answers.json(200, json -> write(json, webhook));
  }

  private APIGatewayV2HTTPResponse test(ApiRequest request, Caller caller, Origin origin) {
    String delivery = ask(all -> all.test(caller, id(request), origin));
    return Answers.json(202, json -> json.text("delivery_id", delivery));
  }

  private APIGatewayV2HTTPResponse rotate(ApiRequest request, Caller caller, Origin origin) {
    Created rotated = ask(all -> all.rotate(caller, id(request), origin));
    return Answers.json(200, json -> write(json, rotated));
  }

  private APIGatewayV2HTTPResponse list(ApiRequest request, Caller caller, Origin origin) {
    Optional<String> account = request.accountId();
    List<Webhook> webhooks = ask(all -> all.list(caller, account, origin));
    return Answers.revalidated(
        request, Map.of(), JsonWriter.array(webhooks, WebhooksHandler::write));
  }

  private APIGatewayV2HTTPResponse delete(ApiRequest request, Caller caller, Origin origin) {
    String id = id(request);
    ask(
        all -> {
          all.delete(caller, id, origin);
          return id;
        });
    return Answers.json(200, json -> json.flag("success", true).text(ID, id));
  }

  private APIGatewayV2HTTPResponse deliveries(ApiRequest request, Caller caller, Origin origin) {
    DeliveryQuery query = DeliveryQuery.parse(request);
    DeliveryPage page =
        ask(
            all ->
                all.deliveries(
                    caller, id(request), query.status(), query.cursor(), query.limit(), origin));
    return Answers.revalidated(
        request,
        page.next().map(next -> Map.of("Link", request.linkToNext(next))).orElse(Map.of()),
        JsonWriter.array(page.deliveries(), WebhooksHandler::write));
  }

  private APIGatewayV2HTTPResponse redeliver(ApiRequest request, Caller caller, Origin origin) {
    String delivery = request.pathParameter("delivery_id");
    Delivery due = ask(all -> all.redeliver(caller, id(request), delivery, origin));
    return Answers.json(202, json -> write(json, due));
  }

  private static void write(JsonWriter json, Created created) {
    write(json, created.webhook());
    json.text("secret", created.secret());
  }

  private static void write(JsonWriter json, Webhook webhook) {
    json.text(ID, webhook.id())
        .text("account_id", webhook.accountId())
        .text("url", webhook.url())
        .texts("events", webhook.events())
        .flag("is_active", webhook.disabledAt().isEmpty())
        .time("created_at", webhook.createdAt())
        .text("created_by", webhook.createdBy())
        .time("disabled_at", webhook.disabledAt())
        .text("disabled_reason", webhook.disabledReason())
        .time("old_secret_until", webhook.oldSecretUntil());
  }

  private static void write(JsonWriter json, Delivery delivery) {
    json.text("delivery_id", delivery.id())
        .text("type", delivery.type())
        .text("status", delivery.status())
        .number("attempts", delivery.attempts())
        .time("created_at", delivery.createdAt())
        .time("last_attempt_at", delivery.lastAt())
        .time("next_attempt_at", delivery.nextAt())
        .number("response_status", delivery.responseStatus().map(BigDecimal::valueOf))
        .text("error", delivery.error())
        .number("duration_ms", delivery.took().map(took -> BigDecimal.valueOf(took.toMillis())));
  }
}
