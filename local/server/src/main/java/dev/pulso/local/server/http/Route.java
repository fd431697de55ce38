package dev.pulso.local.server.http;

/**
 * A route to a function.
 *
 * @param method an HTTP method in upper case, or {@code ANY}
 * @param path a path with {@code {names}} for its variable segments, or {@code $default}
 * @param function its function
 */
public record Route(String method, String path, LambdaFunction function) {
  /** Path of the default route. */
  public static final String DEFAULT_PATH = "$default";

  /** Method of a route for all methods. */
  public static final String ANY_METHOD = "ANY";

  /** Returns the route key of the event, such as {@code GET /api/v1/things/{id}}. */
  public String key() {
    return isDefault() ? DEFAULT_PATH : method + " " + path;
  }

  boolean isDefault() {
    return path.equals(DEFAULT_PATH);
  }
}
