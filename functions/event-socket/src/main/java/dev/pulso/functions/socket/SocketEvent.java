package dev.pulso.functions.socket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** An event of the WebSocket API: of its authorizer, or of a route. Any part may be missing. */
record SocketEvent(Map<String, Object> event) {

  /** Returns whether the gateway asks if somebody may connect. */
  boolean isAuthorization() {
    return "REQUEST".equals(event.get("type"));
  }

  /** Returns what an answer to the authorizer is about. */
  String methodArn() {
    return text(event, "methodArn").orElse("*");
  }

  String route() {
    return text(context(), "routeKey").orElse("$default");
  }

  String connection() {
    return text(context(), "connectionId").orElseThrow();
  }

  Optional<String> requestId() {
    return text(context(), "requestId");
  }

  Optional<String> ticket() {
    return text(map(event.get("queryStringParameters")), "token");
  }

  /** Returns a header; names are case-insensitive. */
  Optional<String> header(String name) {
    return map(event.get("headers")).entrySet().stream()
        .filter(header -> name.equalsIgnoreCase(header.getKey()))
        .map(header -> String.valueOf(header.getValue()))
        .findFirst();
  }

  String message() {
    String body = text(event, "body").orElse("");
    return Boolean.TRUE.equals(event.get("isBase64Encoded"))
        ? new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8)
        : body;
  }

  private Map<String, Object> context() {
    return map(event.get("requestContext"));
  }

  @SuppressWarnings("unchecked") // The names in a JSON object are strings.
  private static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static Optional<String> text(Map<String, Object> object, String name) {
    return object.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }
}
