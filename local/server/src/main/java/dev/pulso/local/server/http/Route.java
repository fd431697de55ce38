package dev.pulso.local.server.http;

/**
 * Which requests a function answers.
 *
 * @param method an HTTP method in upper case, or {@code ANY}
 * @param path a path with {@code {names}} for its variable segments, or {@code $default}
 * @param function what answers
 */
public record Route(String method, String path, LambdaFunction function) {
  /** Path of the route that takes what no other does. */
  public static final String DEFAULT_PATH = "$default";

  /** Method of a route that takes all of them. */
  public static final String ANY_METHOD = "ANY";

  /** The key that API Gateway puts into the event, such as {@code GET /api/v1/things/{id}}. */
  public String key() {
    return isDefault() ? DEFAULT_PATH : method + " " + path;
  }

  boolean isDefault() {
    return path.equals(DEFAULT_PATH);
  }
}
