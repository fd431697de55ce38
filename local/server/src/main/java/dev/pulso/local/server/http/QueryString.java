package dev.pulso.local.server.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** A query as API Gateway hands it over in payload 2.0. */
final class QueryString {
  private QueryString() {}

  /**
   * The decoded parameters in the order of their first values; one that comes several times has its
   * values joined by commas, one without a value is empty.
   *
   * @throws MalformedEncodingException when a name or a value is not percent-encoded UTF-8
   */
  static Map<String, String> parameters(String raw) throws MalformedEncodingException {
    Map<String, String> parameters = new LinkedHashMap<>();
    int start = 0;
    while (start < raw.length()) {
      int end = raw.indexOf('&', start);
      end = end < 0 ? raw.length() : end;
      if (end > start) {
        int equals = raw.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String name = PercentDecoding.query(raw.substring(start, nameEnd));
        String value = PercentDecoding.query(raw.substring(Math.min(nameEnd + 1, end), end));
        parameters.merge(name, value, (first, next) -> first + "," + next);
      }
      start = end + 1;
    }
    return parameters;
  }
}
