package dev.pulso.local.server;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.local.server.http.LambdaFunction;
import dev.pulso.local.server.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Serves the contract's document beside the API that it describes; a deployment has no such route.
 */
final class OpenApiDocument {
  private static final String PATH = "/api/v1/openapi.yaml";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MEMORY_MB = 128;

  private OpenApiDocument() {}

  /** A route to this file, which is read again each time: who works on it sees what they wrote. */
  static Route route(Path file) {
    return new Route(
        "GET",
        PATH,
        new LambdaFunction(
            "OpenApiDocument", TIMEOUT, MEMORY_MB, (event, context) -> answer(file)));
  }

  private static APIGatewayV2HTTPResponse answer(Path file) {
    try {
      return APIGatewayV2HTTPResponse.builder()
          .withStatusCode(200)
          .withHeaders(
              Map.of(
                  "Content-Type", "application/yaml",
                  "Cache-Control", "no-cache",
                  "X-Content-Type-Options", "nosniff"))
          .withBody(Files.readString(file))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
