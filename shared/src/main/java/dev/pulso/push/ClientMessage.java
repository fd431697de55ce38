package dev.pulso.push;

import dev.pulso.http.BadRequestException;
import dev.pulso.http.StrictJson;
import dev.pulso.push.Subscription.Kind;
import dev.pulso.text.InputText;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A message of a client. */
sealed interface ClientMessage {
  /**
   * Wants to be told, or no longer.
   *
   * @param name a batch's address, or an account
   */
  record Subscribe(Kind kind, Optional<String> name) implements ClientMessage {}

  record Unsubscribe(Kind kind, Optional<String> name) implements ClientMessage {}

  record Ping() implements ClientMessage {}

  /** Has a newer token. */
  record Renew(String ticket) implements ClientMessage {}

  /**
   * Reads a message.
   *
   * @throws BadRequestException when it is not one of these
   */
  static ClientMessage parse(String text) {
    StrictJson json;
    try {
      json = StrictJson.parse(text);
    } catch (BadRequestException e) {
      throw invalid("A message must be one JSON object, each name once, without others in it.");
    }
    try {
      return read(json);
    } catch (BadRequestException e) {
      // Of a field with a value of another type.
      throw invalid(e.getMessage());
    }
  }

  private static ClientMessage read(StrictJson json) {
    String action = json.text("action").orElse("");
    return switch (action) {
      case "subscribe" -> new Subscribe(kind(json), name(json));
      case "unsubscribe" -> new Unsubscribe(kind(json), name(json));
      case "ping" -> new Ping();
      case "renew" ->
          new Renew(json.text("ticket").orElseThrow(() -> invalid("renew needs a ticket.")));
      default -> throw invalid("action must be subscribe, unsubscribe, renew or ping.");
    };
  }

  /**
   * Returns the subscription that a message names, as it was sent, even if no such one can be;
   * empty for other messages.
   */
  static Optional<Subscribe> named(String text) {
    try {
      StrictJson json = StrictJson.parse(text);
      boolean isNaming =
          json.text("action").filter(Set.of("subscribe", "unsubscribe")::contains).isPresent();
      return isNaming ? Optional.of(new Subscribe(kind(json), sentName(json))) : Optional.empty();
    } catch (BadRequestException e) {
      // The answer says what is wrong with it.
      return Optional.empty();
    }
  }

  private static Kind kind(StrictJson json) {
    List<Kind> named = List.of(Kind.values()).stream().filter(kind -> isNamed(json, kind)).toList();
    if (named.size() != 1) {
      throw invalid("Name one of batch_id, \"overview\":true and \"batches\":true.");
    }
    return named.getFirst();
  }

  private static boolean isNamed(StrictJson json, Kind kind) {
    return switch (kind) {
      case BATCH -> json.has("batch_id");
      case OVERVIEW -> json.flag("overview").orElse(false);
      case LIST -> json.flag("batches").orElse(false);
    };
  }

  private static Optional<String> name(StrictJson json) {
    String field = nameField(json);
    Optional<String> name = sentName(json);
    boolean isMissing = field.equals("batch_id") && name.isEmpty();
    if (isMissing || name.filter(text -> !InputText.isId(text)).isPresent()) {
      throw invalid(field + " " + InputText.ID_RULE);
    }
    return name;
  }

  private static Optional<String> sentName(StrictJson json) {
    String field = nameField(json);
    return json.isNull(field) ? Optional.empty() : json.text(field);
  }

  private static String nameField(StrictJson json) {
    return json.has("batch_id") ? "batch_id" : "account_id";
  }

  private static BadRequestException invalid(String detail) {
    return new BadRequestException("INVALID_MESSAGE", detail);
  }
}
