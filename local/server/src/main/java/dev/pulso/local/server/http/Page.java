package dev.pulso.local.server.http;

import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the server answers without a function.
 *
 * @param paths which paths it answers, as they stand in a request
 * @param headers headers of its answers
 * @param hosts which hosts a request may name; a page that another site resolves to this machine
 *     names that site
 * @param content called for each request
 */
public record Page(
    Predicate<String> paths,
    Map<String, String> headers,
    Predicate<String> hosts,
    Supplier<byte[]> content) {

  /** Returns a page at one path, which nobody stores. */
  public static Page of(String path, String contentType, Supplier<byte[]> content) {
    return new Page(
        path::equals,
        Map.of("Content-Type", contentType, "Cache-Control", "no-store"),
        host -> true,
        content);
  }

  /** Returns this page for requests to these hosts alone. */
  public Page at(Predicate<String> names) {
    return new Page(paths, headers, names, content);
  }
}
