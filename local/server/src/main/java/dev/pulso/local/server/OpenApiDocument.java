package dev.pulso.local.server;

import dev.pulso.local.server.http.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves openapi.yaml beside the API, to every caller. A deployment has no such route. */
final class OpenApiDocument {
  static final String PATH = "/api/v1/openapi.yaml";

  private OpenApiDocument() {}

  /** Returns a page of this file. It is read at each request, so edits show at once. */
  static Page page(Path file) {
    return Page.of(PATH, "application/yaml", () -> read(file));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
