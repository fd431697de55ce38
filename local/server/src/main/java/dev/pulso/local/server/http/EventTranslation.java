package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import dev.pulso.http.BadRequestException;
import dev.pulso.http.QueryString;
import dev.pulso.local.server.http.RouteTable.Match;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/**
 * Turns a request into API Gateway's event, payload format 2.0, with {@code null} for fields that
 * API Gateway leaves out. As there, {@code rawPath} is decoded in spite of its name, and {@code
 * rawQueryString} is not.
 */
final class EventTranslation {
  private static final String STAGE = "$default";
  private static final String ACCOUNT_ID = "123456789012";
  private static final String API_ID = "local";
  static final DateTimeFormatter COMMON_LOG_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final Supplier<String> requestIds;

  EventTranslation(Clock clock, Supplier<String> requestIds) {
    this.clock = clock;
    this.requestIds = requestIds;
  }

  /**
   * Returns the event of a request.
   *
   * @param claims the caller's claims; empty if no token is required
   * @throws BadRequestException when path or query are not percent-encoded UTF-8
   */
  APIGatewayV2HTTPEvent event(
      Request request, Match match, byte[] body, Optional<Map<String, String>> claims) {
    HttpURI uri = request.getHttpURI();
    String path = QueryString.decode(uri.getPath(), false);
    String query = Optional.ofNullable(uri.getQuery()).orElse("");
    Map<String, String> queryParameters = parameters(query);
    RequestHeaders headers = RequestHeaders.of(request, body.length, clock.instant());
    Optional<String> text =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
            .filter(EventTranslation::isText)
            .flatMap(type -> decoded(body));
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey(match.route().key())
        .withRawPath(path)
        .withRawQueryString(query)
        .withCookies(headers.cookies().isEmpty() ? null : headers.cookies())
        .withHeaders(headers.values())
        .withQueryStringParameters(queryParameters.isEmpty() ? null : queryParameters)
        .withPathParameters(match.pathParameters().isEmpty() ? null : match.pathParameters())
        .withBody(
            body.length == 0
                ? null
                : text.orElseGet(() -> Base64.getEncoder().encodeToString(body)))
        .withIsBase64Encoded(body.length > 0 && text.isEmpty())
        .withRequestContext(context(request, match.route().key(), path, claims))
        .build();
  }

  /**
   * Returns the decoded parameters; repeated values are joined by commas.
   *
   * @throws BadRequestException when a name or a value is not percent-encoded UTF-8
   */
  static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (QueryString.Pair pair : QueryString.decoded(query)) {
      parameters.merge(pair.name(), pair.value(), (one, next) -> one + "," + next);
    }
    return parameters;
  }

  private RequestContext context(
      Request request, String routeKey, String path, Optional<Map<String, String>> claims) {
    Instant now = clock.instant();
    String host = Request.getServerName(request);
    return RequestContext.builder()
        .withRouteKey(routeKey)
        .withAccountId(ACCOUNT_ID)
        .withApiId(API_ID)
        .withStage(STAGE)
        .withDomainName(host)
        .withDomainPrefix(host.contains(".") ? host.substring(0, host.indexOf('.')) : host)
        .withRequestId(requestIds.get())
        .withTime(COMMON_LOG_TIME.format(now))
        .withTimeEpoch(now.toEpochMilli())
        .withAuthorizer(claims.map(EventTranslation::authorizer).orElse(null))
        .withHttp(
            RequestContext.Http.builder()
                .withMethod(request.getMethod())
                .withPath(path)
                .withProtocol(request.getConnectionMetaData().getProtocol())
                .withSourceIp(Request.getRemoteAddr(request))
                .withUserAgent(request.getHeaders().get(HttpHeader.USER_AGENT))
                .build())
        .build();
  }

  /** Scopes are null, as for every route that requires none. */
  private static RequestContext.Authorizer authorizer(Map<String, String> claims) {
    return RequestContext.Authorizer.builder()
        .withJwt(RequestContext.Authorizer.JWT.builder().withClaims(claims).build())
        .build();
  }

  /** Returns a body as text; empty if it is no UTF-8, so that the function sees its bytes. */
  private static Optional<String> decoded(byte[] body) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** API Gateway treats only these as text: not forms, and not bodies without a type. */
  private static boolean isText(String contentType) {
    int end = contentType.indexOf(';');
    String type = (end < 0 ? contentType : contentType.substring(0, end)).strip();
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "application/json", "application/xml", "application/javascript" -> true;
      case String other -> other.startsWith("text/");
    };
  }
}
