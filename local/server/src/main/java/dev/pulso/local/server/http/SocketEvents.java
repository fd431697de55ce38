package dev.pulso.local.server.http;

import dev.pulso.http.BadRequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/** The events of a WebSocket API, as API Gateway makes them. */
final class SocketEvents {
  private SocketEvents() {}

  /**
   * Returns the event of a client that wants to connect.
   *
   * @throws BadRequestException when its query is not percent-encoded UTF-8
   */
  static Map<String, Object> connect(Request request, String connection) {
    Map<String, Object> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers.put(field.getName(), field.getValue());
    }
    String query = request.getHttpURI().getQuery();
    Map<String, Object> event = of("$connect", connection);
    event.put("headers", headers);
    event.put(
        "queryStringParameters", query == null ? Map.of() : EventTranslation.parameters(query));
    return event;
  }

  static Map<String, Object> of(String route, String connection) {
    Map<String, Object> context = new HashMap<>();
    context.put("routeKey", route);
    context.put("connectionId", connection);
    context.put("requestId", UUID.randomUUID().toString());
    Map<String, Object> event = new HashMap<>();
    event.put("requestContext", context);
    return event;
  }
}
