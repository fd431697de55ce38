package dev.pulso.openapi;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer as a client sees it, wherever it was caught.
 *
 * @param status HTTP status
 * @param headers by their names, whose case does not matter
 * @param body its text; empty when there is none
 */
public record Answer(int status, Map<String, String> headers, String body) {

  /** The headers' names are compared without their case. */
  public Answer {
    Map<String, String> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    caseless.putAll(headers);
    headers = caseless;
  }

  /** What a function answers the gateway. */
  public static Answer of(APIGatewayV2HTTPResponse response) {
    return new Answer(
        response.getStatusCode(),
        response.getHeaders(),
        Optional.ofNullable(response.getBody()).orElse(""));
  }

  /** What came over HTTP. */
  public static Answer of(HttpResponse<String> response) {
    Map<String, String> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name, String.join(", ", values)));
    return new Answer(response.statusCode(), headers, response.body());
  }

  /** A header, whatever case its name came in. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The media type, without its parameters. */
  Optional<String> mediaType() {
    return header("content-type").map(type -> type.replaceFirst(";.*", "").strip());
  }
}
