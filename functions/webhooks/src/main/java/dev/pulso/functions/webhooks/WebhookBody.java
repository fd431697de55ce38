package dev.pulso.functions.webhooks;

import dev.pulso.http.BadRequestException;
import dev.pulso.http.StrictJson;
import dev.pulso.text.InputText;
import dev.pulso.webhooks.WebhookEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The body of a POST that creates a webhook. */
record WebhookBody(Optional<String> account, String url, List<String> events) {
  private static final Set<String> FIELDS = Set.of("url", "events", "account_id");

  /**
   * Parses a body.
   *
   * @throws BadRequestException when anything in it is unknown, missing or of a wrong type
   */
  static WebhookBody parse(String json) {
    StrictJson body = StrictJson.parse(json);
    if (!FIELDS.containsAll(body.names())) {
      throw StrictJson.invalid("The body may have these fields only: url, events, account_id.");
    }
    String url = body.text("url").orElseThrow(() -> StrictJson.invalid("url is required."));
    List<String> events = body.texts("events").stream().distinct().toList();
    if (events.isEmpty() || !WebhookEvent.all().containsAll(events)) {
      throw StrictJson.invalid(
          "events must have one or more of these: " + String.join(", ", WebhookEvent.all()) + ".");
    }
    Optional<String> account =
        body.isNull("account_id") ? Optional.empty() : body.text("account_id");
    if (account.filter(id -> !InputText.isId(id)).isPresent()) {
      throw StrictJson.invalid("account_id " + InputText.ID_RULE);
    }
    return new WebhookBody(account, url, events);
  }
}
