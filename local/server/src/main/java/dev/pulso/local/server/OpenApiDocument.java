package dev.pulso.local.server;

import dev.pulso.local.server.http.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Serves the contract's document beside the API that it describes, to everybody; a deployment has
 * no such route.
 */
final class OpenApiDocument {
  static final String PATH = "/api/v1/openapi.yaml";

  private OpenApiDocument() {}

  /** A page of this file, which is read again each time: who works on it sees what they wrote. */
  static Page page(Path file) {
    return new Page(PATH, "application/yaml", () -> read(file));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
