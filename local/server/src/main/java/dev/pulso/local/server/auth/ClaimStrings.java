package dev.pulso.local.server.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Formats claims as an HTTP API passes them to a function: every value is a string. A list becomes
 * {@code [a b]}, an object JSON; a null is left out.
 */
final class ClaimStrings {
  private ClaimStrings() {}

  static Map<String, String> of(Map<String, Object> claims) {
    Map<String, String> strings = new LinkedHashMap<>();
    claims.forEach(
        (name, value) -> {
          if (value != null) {
            strings.put(name, string(value));
          }
        });
    return strings;
  }

  private static String string(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(ClaimStrings::string).collect(Collectors.joining(" ", "[", "]"));
      case Map<?, ?> map -> JSONObjectUtils.toJSONString(byName(map));
      case null, default -> String.valueOf(value);
    };
  }

  private static Map<String, Object> byName(Map<?, ?> map) {
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((name, value) -> named.put(String.valueOf(name), value));
    return named;
  }
}
