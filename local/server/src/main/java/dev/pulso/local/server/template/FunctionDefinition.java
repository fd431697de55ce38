package dev.pulso.local.server.template;

import java.time.Duration;
import java.util.List;

/**
 * A function of the template.
 *
 * @param name its logical name
 * @param handlerClass full name of its handler class
 * @param timeout its timeout
 * @param memoryMb its memory in MiB
 * @param routes the requests it answers
 * @param scheduled whether a schedule runs it
 */
public record FunctionDefinition(
    String name,
    String handlerClass,
    Duration timeout,
    int memoryMb,
    List<RouteDefinition> routes,
    boolean scheduled) {

  /**
   * Requests that a function answers.
   *
   * @param method an HTTP method in upper case, or {@code ANY}
   * @param path a path with {@code {names}} for its variable segments, or {@code $default}
   */
  public record RouteDefinition(String method, String path) {}
}
