package dev.pulso.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.http.QueryString.Pair;
import dev.pulso.text.InputText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One request, read from API Gateway's event. Any part of the event may be null. */
public final class ApiRequest {
  /** More than API Gateway accepts for a request line and headers (10,240 bytes). */
  private static final int LONGEST_QUERY = 12_288;

  private static final int LONGEST_HEADER = 8_192;

  /** Most endpoints read no body; a client that sends a small one does no harm. */
  private static final int LONGEST_BODY = 65_536;

  private final APIGatewayV2HTTPEvent event;

  ApiRequest(APIGatewayV2HTTPEvent event) {
    this.event = event;
  }

  /** Returns the method in upper case. */
  public String method() {
    return http().map(RequestContext.Http::getMethod).orElse("GET");
  }

  /**
   * Returns whether this is a CORS preflight (Fetch Standard, CORS-preflight fetch). It carries no
   * token, and its response reveals nothing.
   */
  boolean isPreflight() {
    return "OPTIONS".equals(method()) && anyHeader("access-control-request-method").isPresent();
  }

  /** Returns whether no route of the API matched. */
  boolean isUnrouted() {
    String route = event.getRouteKey();
    return route != null && (route.equals("$default") || route.endsWith("/{proxy+}"));
  }

  /**
   * Returns a path parameter, decoded.
   *
   * @throws BadRequestException when it is missing, blank, longer than 200 characters, or contains
   *     control characters
   */
  public String pathParameter(String name) {
    Map<String, String> parameters = event.getPathParameters();
    String value = parameters == null ? null : parameters.get(name);
    if (value == null || InputText.isBlank(value)) {
      throw new BadRequestException("INVALID_PATH", "The path has no " + name + ".");
    }
    if (!InputText.isId(value)) {
      throw new BadRequestException("INVALID_PATH", name + " " + InputText.ID_RULE);
    }
    return value;
  }

  /**
   * Returns a query parameter, decoded.
   *
   * @throws BadRequestException when the query is not valid or repeats the parameter
   */
  public Optional<String> queryParameter(String name) {
    List<String> values =
        query().stream().filter(pair -> pair.name().equals(name)).map(Pair::value).toList();
    if (values.size() > 1) {
      throw new BadRequestException(
          "REPEATED_PARAMETER", "The query contains " + name + " more than once.");
    }
    return values.stream().findFirst();
  }

  /**
   * Returns the parameter {@code account_id}; a blank one counts as none.
   *
   * @throws BadRequestException when it is too long or contains control characters
   */
  public Optional<String> accountId() {
    Optional<String> accountId = queryParameter("account_id");
    if (accountId
        .filter(id -> !InputText.isWithin(InputText.LONGEST_ID, id) || InputText.hasControls(id))
        .isPresent()) {
      throw new BadRequestException(
          "INVALID_ACCOUNT",
          "account_id must have at most "
              + InputText.LONGEST_ID
              + " characters and no control characters.");
    }
    return accountId.filter(id -> !InputText.isBlank(id));
  }

  /**
   * Returns the {@code Link} header (RFC 8288) to the next page: a relative reference, which holds
   * behind any proxy and stage. It keeps the other parameters, but for {@code skip}.
   */
  public String linkToNext(String cursor) {
    List<Pair> query = new ArrayList<>(query());
    query.removeIf(pair -> pair.name().equals("skip") || pair.name().equals("cursor"));
    query.add(new Pair("cursor", cursor));
    return "<?" + QueryString.encoded(query) + ">; rel=\"next\"";
  }

  private List<Pair> query() {
    String raw = event.getRawQueryString();
    return raw == null ? List.of() : QueryString.decoded(raw);
  }

  /**
   * Checks the size of the body and the query, and the encoding of the whole query. Unknown
   * parameters are otherwise ignored.
   *
   * @throws TooLargeException when a part is too long
   * @throws BadRequestException when the query cannot be decoded
   */
  void check() {
    if (bodyBytes() > LONGEST_BODY) {
      throw TooLargeException.body();
    }
    String query = event.getRawQueryString();
    if (query != null && query.length() > LONGEST_QUERY) {
      throw TooLargeException.address();
    }
    query();
  }

  /**
   * Returns the body as text.
   *
   * @throws UnsupportedMediaTypeException when it is not declared as JSON
   * @throws BadRequestException when it is not UTF-8
   */
  public String jsonBody() {
    String type = header("content-type").orElse("").split(";", 2)[0];
    if (!InputText.trimmed(type).equalsIgnoreCase("application/json")) {
      throw new UnsupportedMediaTypeException();
    }
    String body = event.getBody() == null ? "" : event.getBody();
    try {
      return event.getIsBase64Encoded()
          ? StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(body)))
              .toString()
          : body;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new BadRequestException("MALFORMED_REQUEST", "The body is not valid UTF-8.");
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
   * Returns a header; names are case-insensitive.
   *
   * @throws TooLargeException when it is too long
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
   * Returns the token claims that the gateway verified; empty without a token. The only place that
   * reads them. A client cannot write here.
   */
  public Map<String, String> claims() {
    return Optional.ofNullable(event.getRequestContext())
        .map(RequestContext::getAuthorizer)
        .map(RequestContext.Authorizer::getJwt)
        .map(RequestContext.Authorizer.JWT::getClaims)
        .orElse(Map.of());
  }

  /** Returns the origin of the request for the audit log. */
  public Origin origin(Caller caller) {
    return new Origin(caller.subject(), http().map(RequestContext.Http::getSourceIp), requestId());
  }

  /** Returns the gateway's request id, which logs contain. */
  Optional<String> requestId() {
    return Optional.ofNullable(event.getRequestContext()).map(RequestContext::getRequestId);
  }

  /** Returns the last segment of the route, such as {@code pause}. */
  public String action() {
    String path = event.getRouteKey() == null ? "" + event.getRawPath() : event.getRouteKey();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  String route() {
    return event.getRouteKey();
  }

  private Optional<RequestContext.Http> http() {
    return Optional.ofNullable(event.getRequestContext()).map(RequestContext::getHttp);
  }
}
