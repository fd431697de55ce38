package dev.pulso.local.server.http;

import java.util.List;

/**
 * Which origins may call the API: the template's {@code CorsConfiguration}.
 *
 * @param origins allowed origins; {@code *} stands for all
 * @param methods methods that a preflight allows
 * @param headers request headers that a preflight allows
 * @param exposedHeaders response headers that a page may read
 * @param maxAgeSeconds how long a browser may cache a preflight; 0: the browser's default
 */
public record CorsRules(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposedHeaders,
    int maxAgeSeconds) {

  /** No other origin. */
  public static final CorsRules NONE = new CorsRules(List.of(), List.of(), List.of(), List.of(), 0);
}
