package dev.pulso.local.server.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

/**
 * The headers of a request as API Gateway passes them: lower-case names, repeated values joined by
 * commas, cookies apart, and the gateway's own added.
 *
 * @param values the headers without the cookies
 * @param cookies the cookies, each as {@code name=value}
 */
record RequestHeaders(Map<String, String> values, List<String> cookies) {
  /** These concern one connection, which ends at the gateway. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "expect",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  static RequestHeaders of(Request request, int bodyLength, Instant now) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String name = field.getLowerCaseName();
      String value = field.getValue() == null ? "" : field.getValue();
      if (name.equals("cookie")) {
        addCookies(value, cookies);
      } else if (!HOP_BY_HOP.contains(name)) {
        values.merge(name, value, RequestHeaders::join);
      }
    }
    values.put("content-length", Integer.toString(bodyLength));
    values.putIfAbsent("x-amzn-trace-id", traceId(now));
    values.merge("x-forwarded-for", Request.getRemoteAddr(request), RequestHeaders::join);
    values.put("x-forwarded-port", Integer.toString(Request.getLocalPort(request)));
    values.put("x-forwarded-proto", request.getHttpURI().getScheme());
    return new RequestHeaders(values, cookies);
  }

  private static String join(String first, String next) {
    return first + "," + next;
  }

  private static void addCookies(String header, List<String> cookies) {
    for (String cookie : header.split(";")) {
      if (!cookie.isBlank()) {
        cookies.add(cookie.strip());
      }
    }
  }

  private static String traceId(Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "Root=1-"
        + hex(now.getEpochSecond(), 8)
        + "-"
        + hex(random.nextLong(), 12)
        + hex(random.nextLong(), 12);
  }

  private static String hex(long number, int digits) {
    String sixteen = HexFormat.of().toHexDigits(number);
    return sixteen.substring(16 - digits);
  }
}
