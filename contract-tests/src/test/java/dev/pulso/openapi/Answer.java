package dev.pulso.openapi;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A response as a client sees it.
 *
 * @param status HTTP status
 * @param headers by name; names are case-insensitive
 * @param body the text; possibly empty
 */
public record Answer(int status, Map<String, String> headers, String body) {

  /** Makes header names case-insensitive. */
  public Answer {
    Map<String, String> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    caseless.putAll(headers);
    headers = caseless;
  }

  /** Returns the response of a function to the gateway. */
  public static Answer of(APIGatewayV2HTTPResponse response) {
    return new Answer(
        response.getStatusCode(),
        response.getHeaders(),
        Optional.ofNullable(response.getBody()).orElse(""));
  }

  /** Returns a response received over HTTP. */
  public static Answer of(HttpResponse<String> response) {
    Map<String, String> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name, String.join(", ", values)));
    return new Answer(response.statusCode(), headers, response.body());
  }

  /** Returns a header; names are case-insensitive. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns the media type without its parameters. */
  Optional<String> mediaType() {
    return header("content-type").map(type -> type.replaceFirst(";.*", "").strip());
  }
}
