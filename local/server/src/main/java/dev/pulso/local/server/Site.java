package dev.pulso.local.server;

import dev.pulso.local.server.http.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The web page: the files that its build left in a folder. They are read once, so a build during a
 * run does not mix two versions.
 */
final class Site {
  /** Scripts and styles of the page itself, its API, and nothing else. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final String INDEX = "/index.html";

  /** Names in this folder contain a hash of the content. */
  private static final String HASHED = "/assets/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain;charset=utf-8");

  private Site() {}

  /** Returns the files in this folder as pages; none if the page is not built. */
  static List<Page> pages(Path folder) {
    if (!Files.isRegularFile(folder.resolve(INDEX.substring(1)))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(file -> page(folder, file)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Page page(Path folder, Path file) {
    String path = "/" + folder.relativize(file).toString().replace('\\', '/');
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", type(path));
    headers.put(
        "Cache-Control",
        path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache");
    headers.put("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("X-Content-Type-Options", "nosniff");
    byte[] content = read(file);
    Predicate<String> paths = path.equals(INDEX) ? Site::isView : path::equals;
    return new Page(paths, headers, host -> true, () -> content);
  }

  /** Returns whether the page itself decides what stands at this path. */
  private static boolean isView(String path) {
    return path.equals("/") || path.equals("/batches") || path.startsWith("/batches/");
  }

  private static String type(String path) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (type == null) {
      throw new StartException("The page contains a file of an unknown type: " + path);
    }
    return type;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
