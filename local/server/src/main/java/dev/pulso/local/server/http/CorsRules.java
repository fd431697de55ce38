package dev.pulso.local.server.http;

import java.util.List;

/**
 * Which pages of other origins may call the API, as the template's {@code CorsConfiguration} says.
 *
 * @param origins allowed origins; {@code *} stands for all
 * @param methods methods that a preflight allows
 * @param headers request headers that a preflight allows
 * @param exposedHeaders response headers that a page may read
 * @param maxAgeSeconds how long a browser may keep a preflight's answer; 0: as it likes
 */
public record CorsRules(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposedHeaders,
    int maxAgeSeconds) {

  /** Nobody from another origin. */
  public static final CorsRules NONE = new CorsRules(List.of(), List.of(), List.of(), List.of(), 0);
}
