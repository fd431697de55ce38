package dev.pulso.contract;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Authorizer;
import dev.pulso.local.server.http.RunningEdge;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request as API Gateway passes it on.
 *
 * @param method the HTTP method
 * @param path with {@code {batch_id}} or another parameter where it has one
 * @param batch the value of that parameter, decoded; of several, separated by slashes
 * @param query the raw query
 * @param headers of the request
 * @param claims of a verified token; empty: there was none
 * @param body JSON; empty: there is none
 */
record Call(
    String method,
    String path,
    Optional<String> batch,
    String query,
    Map<String, String> headers,
    Map<String, String> claims,
    String body) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");

  static final String SOURCE_IP = "203.0.113.7";
  static final String REQUEST_ID = "request-0815";

  static Call to(String method, String path) {
    return new Call(method, path, Optional.empty(), "", Map.of(), Map.of(), "");
  }

  Call as(String otherMethod) {
    return new Call(otherMethod, path, batch, query, headers, claims, body);
  }

  Call of(String batchId) {
    return new Call(method, path, Optional.of(batchId), query, headers, claims, body);
  }

  Call with(String rawQuery) {
    return new Call(method, path, batch, rawQuery, headers, claims, body);
  }

  Call having(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Call(method, path, batch, query, more, claims, body);
  }

  Call by(Map<String, String> caller) {
    return new Call(method, path, batch, query, headers, caller, body);
  }

  /** Sends this JSON. */
  Call sending(String json) {
    return new Call(method, path, batch, query, headers, claims, json)
        .having("content-type", "application/json");
  }

  /** Returns the head of this HTTP request, with additional headers. */
  byte[] head(String... more) {
    String address = path;
    for (Map.Entry<String, String> parameter : parameters().entrySet()) {
      address = address.replace("{" + parameter.getKey() + "}", parameter.getValue());
    }
    return RunningEdge.request(method, query.isEmpty() ? address : address + "?" + query, more);
  }

  /** Returns the whole HTTP request. */
  byte[] whole() {
    String head =
        new String(
            head("Content-Type: application/json", "Content-Length: " + body.length()),
            StandardCharsets.UTF_8);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  APIGatewayV2HTTPEvent event() {
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey("ANY " + path)
        .withRawQueryString(query)
        .withHeaders(headers)
        .withPathParameters(batch.map(id -> parameters()).orElse(null))
        .withBody(body.isEmpty() ? null : body)
        .withRequestContext(
            RequestContext.builder()
                .withRequestId(REQUEST_ID)
                .withAuthorizer(claims.isEmpty() ? null : authorizer())
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod(method)
                        .withSourceIp(SOURCE_IP)
                        .build())
                .build())
        .build();
  }

  private Map<String, String> parameters() {
    List<String> names = PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    String[] values = batch.orElse("").split("/", Math.max(1, names.size()));
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      parameters.put(names.get(i), values[Math.min(i, values.length - 1)]);
    }
    return parameters;
  }

  private Authorizer authorizer() {
    return Authorizer.builder()
        .withJwt(Authorizer.JWT.builder().withClaims(claims).build())
        .build();
  }
}
