package dev.pulso.local.server.http;

import dev.pulso.http.BadRequestException;
import dev.pulso.http.QueryString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a request like API Gateway: an exact method comes before {@code ANY}, a fixed
 * segment before a variable one, and {@code $default} last.
 */
public final class RouteTable {
  private final List<Candidate> candidates = new ArrayList<>();
  private final Optional<Route> fallback;

  public RouteTable(List<Route> routes) {
    routes.stream()
        .filter(route -> !route.isDefault())
        .map(route -> new Candidate(route, route.path().split("/", -1)))
        .sorted((one, other) -> Integer.compare(one.variableSegments(), other.variableSegments()))
        .forEach(candidates::add);
    fallback = routes.stream().filter(Route::isDefault).findFirst();
  }

  /**
   * Returns the route of a request and its decoded path variables.
   *
   * @param rawPath the path as sent: an encoded slash does not separate segments
   * @throws BadRequestException when a segment is not percent-encoded UTF-8
   */
  Optional<Match> find(String method, String rawPath) {
    String[] segments = rawPath.split("/", -1);
    Candidate any = null;
    for (Candidate candidate : candidates) {
      if (candidate.matches(segments)) {
        if (candidate.route.method().equals(method)) {
          return Optional.of(candidate.match(segments));
        }
        if (any == null && candidate.route.method().equals(Route.ANY_METHOD)) {
          any = candidate;
        }
      }
    }
    return any != null
        ? Optional.of(any.match(segments))
        : fallback.map(route -> new Match(route, Map.of()));
  }

  record Match(Route route, Map<String, String> pathParameters) {}

  private record Candidate(Route route, String[] pattern) {
    int variableSegments() {
      int count = 0;
      for (String part : pattern) {
        count += isVariable(part) ? 1 : 0;
      }
      return count;
    }

    boolean matches(String[] segments) {
      if (segments.length != pattern.length) {
        return false;
      }
      for (int i = 0; i < pattern.length; i++) {
        boolean fits =
            isVariable(pattern[i]) ? !segments[i].isEmpty() : pattern[i].equals(segments[i]);
        if (!fits) {
          return false;
        }
      }
      return true;
    }

    Match match(String[] segments) {
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int i = 0; i < pattern.length; i++) {
        if (isVariable(pattern[i])) {
          String name = pattern[i].substring(1, pattern[i].length() - 1);
          parameters.put(name, QueryString.decode(segments[i], false));
        }
      }
      return new Match(route, parameters);
    }

    private static boolean isVariable(String part) {
      return part.startsWith("{") && part.endsWith("}");
    }
  }
}
