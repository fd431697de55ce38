package dev.pulso.local.server.http;

import java.util.EnumSet;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Handles CORS like API Gateway with a {@code CorsConfiguration}: it answers preflights, and sets
 * only its own headers. Besides the template's origins, every page of this machine may call.
 */
final class Cors {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");
  private static final int NO_CONTENT = 204;

  private static final EnumSet<HttpHeader> OF_THE_GATEWAY =
      EnumSet.of(
          HttpHeader.ACCESS_CONTROL_ALLOW_CREDENTIALS,
          HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS,
          HttpHeader.ACCESS_CONTROL_ALLOW_METHODS,
          HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN,
          HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS,
          HttpHeader.ACCESS_CONTROL_MAX_AGE);

  private final CorsRules rules;

  Cors(CorsRules rules) {
    this.rules = rules;
  }

  static boolean isPreflight(Request request) {
    HttpFields headers = request.getHeaders();
    return HttpMethod.OPTIONS.is(request.getMethod())
        && headers.contains(HttpHeader.ORIGIN)
        && headers.contains(HttpHeader.ACCESS_CONTROL_REQUEST_METHOD);
  }

  void answerPreflight(Request request, Response response) {
    response.setStatus(NO_CONTENT);
    if (allowOrigin(request, response)) {
      HttpFields.Mutable headers = response.getHeaders();
      headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, String.join(",", rules.methods()));
      headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, String.join(",", rules.headers()));
      if (rules.maxAgeSeconds() > 0) {
        headers.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, rules.maxAgeSeconds());
      }
    }
  }

  void decorate(Request request, Response response) {
    response.getHeaders().remove(OF_THE_GATEWAY);
    if (allowOrigin(request, response) && !rules.exposedHeaders().isEmpty()) {
      response
          .getHeaders()
          .put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(",", rules.exposedHeaders()));
    }
  }

  private boolean allowOrigin(Request request, Response response) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null) {
      return false;
    }
    boolean all = rules.origins().contains("*");
    boolean allowed =
        all || rules.origins().contains(origin) || THIS_MACHINE.matcher(origin).matches();
    if (allowed) {
      response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, all ? "*" : origin);
      response.getHeaders().add(HttpHeader.VARY, "origin");
    }
    return allowed;
  }
}
