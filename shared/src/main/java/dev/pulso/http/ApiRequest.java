package dev.pulso.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.text.WhiteSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request, read from the event that API Gateway makes of it, any part of which may be null. */
public final class ApiRequest {
  private static final int LONGEST_PATH_PARAMETER = 200;

  /** More than API Gateway lets through with a request's line and headers (10,240 bytes). */
  private static final int LONGEST_QUERY = 12_288;

  private static final int LONGEST_HEADER = 8_192;

  /** No endpoint takes a body; a client that sends a small one does no harm. */
  private static final int LONGEST_BODY = 65_536;

  private final APIGatewayV2HTTPEvent event;

  ApiRequest(APIGatewayV2HTTPEvent event) {
    this.event = event;
  }

  /** The method, upper case. */
  String method() {
    return http().map(RequestContext.Http::getMethod).orElse("GET");
  }

  /**
   * Whether a browser asks whether it may ask (Fetch Standard, CORS-preflight fetch): it brings no
   * token, and tells a page nothing that the answer's status has to keep.
   */
  boolean isPreflight() {
    return "OPTIONS".equals(method()) && anyHeader("access-control-request-method").isPresent();
  }

  /** Whether it came here because no route of the API fits it. */
  boolean isUnrouted() {
    String route = event.getRouteKey();
    return route != null && (route.equals("$default") || route.endsWith("/{proxy+}"));
  }

  /**
   * A part of the path, decoded.
   *
   * @throws BadRequestException when it can't be what it stands for
   */
  public String pathParameter(String name) {
    Map<String, String> parameters = event.getPathParameters();
    String value = parameters == null ? null : parameters.get(name);
    if (value == null || WhiteSpace.isAllOf(value)) {
      throw new BadRequestException("INVALID_PATH", "The path lacks its " + name + ".");
    }
    if (value.codePointCount(0, value.length()) > LONGEST_PATH_PARAMETER
        || value.codePoints().anyMatch(ApiRequest::isNoText)) {
      throw new BadRequestException("INVALID_PATH", "The path holds no valid " + name + ".");
    }
    return value;
  }

  /**
   * Control characters, and halves of characters, which the driver would send as something else.
   */
  private static boolean isNoText(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  /**
   * A query parameter, decoded.
   *
   * @throws BadRequestException when the query can't be decoded, or has it more than once
   */
  public Optional<String> queryParameter(String name) {
    String raw = event.getRawQueryString();
    if (raw == null || raw.isEmpty()) {
      Map<String, String> parameters = event.getQueryStringParameters();
      return Optional.ofNullable(parameters == null ? null : parameters.get(name));
    }
    List<String> values = QueryString.values(raw, name);
    if (values.size() > 1) {
      throw new BadRequestException(
          "REPEATED_PARAMETER", "The query has the parameter " + name + " more than once.");
    }
    return values.stream().findFirst();
  }

  /**
   * Looks at all that a client can make long, and at the whole query, whether anybody reads it or
   * not. Parameters that nobody asked for are none of our business otherwise.
   *
   * @throws TooLargeException when something is longer than any client has reason to send
   * @throws BadRequestException when the query can't be decoded
   */
  void check() {
    if (bodyBytes() > LONGEST_BODY) {
      throw TooLargeException.body();
    }
    String query = event.getRawQueryString();
    if (query != null && !query.isEmpty()) {
      if (query.length() > LONGEST_QUERY) {
        throw TooLargeException.address();
      }
      QueryString.values(query, "");
    }
  }

  private int bodyBytes() {
    String body = event.getBody();
    if (body == null) {
      return 0;
    }
    if (event.getIsBase64Encoded()) {
      int padding = body.endsWith("==") ? 2 : body.endsWith("=") ? 1 : 0;
      return body.length() / 4 * 3 - padding;
    }
    return body.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * A header, whatever case its name came in.
   *
   * @throws TooLargeException when it is longer than any client has reason to send
   */
  Optional<String> header(String name) {
    Optional<String> value = anyHeader(name);
    if (value.filter(text -> text.length() > LONGEST_HEADER).isPresent()) {
      throw TooLargeException.headers();
    }
    return value;
  }

  private Optional<String> anyHeader(String name) {
    Map<String, String> headers = event.getHeaders();
    if (headers == null) {
      return Optional.empty();
    }
    String asSent = headers.get(name);
    return asSent != null
        ? Optional.of(asSent)
        : headers.entrySet().stream()
            .filter(header -> name.equalsIgnoreCase(header.getKey()) && header.getValue() != null)
            .map(Map.Entry::getValue)
            .findFirst();
  }

  /**
   * What the gateway verified of the caller's token; empty where there was none. The one place that
   * reads it, and nothing that a client can write goes in.
   */
  Map<String, String> claims() {
    return Optional.ofNullable(event.getRequestContext())
        .map(RequestContext::getAuthorizer)
        .map(RequestContext.Authorizer::getJwt)
        .map(RequestContext.Authorizer.JWT::getClaims)
        .orElse(Map.of());
  }

  /** Where it came from, for the audit log. */
  public Origin origin(Caller caller) {
    return new Origin(caller.subject(), http().map(RequestContext.Http::getSourceIp), requestId());
  }

  /** The gateway's id of it, by which logs are found. */
  Optional<String> requestId() {
    return Optional.ofNullable(event.getRequestContext()).map(RequestContext::getRequestId);
  }

  /** The last part of the route's path, which tells actions on the same thing apart. */
  public String action() {
    String path = event.getRouteKey() == null ? "" + event.getRawPath() : event.getRouteKey();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The route that it took. */
  String route() {
    return event.getRouteKey();
  }

  private Optional<RequestContext.Http> http() {
    return Optional.ofNullable(event.getRequestContext()).map(RequestContext::getHttp);
  }
}
