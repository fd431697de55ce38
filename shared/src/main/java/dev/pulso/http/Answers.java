package dev.pulso.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.observe.Observation;
import dev.pulso.text.EntityTag;
import dev.pulso.text.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Builds every HTTP response. */
public final class Answers {
  private static final String JSON = "application/json; charset=utf-8";

  private Answers() {}

  /** Returns a JSON response that must not be stored. */
  public static APIGatewayV2HTTPResponse json(int status, Consumer<JsonWriter> fields) {
    return json(status, Map.of(), fields);
  }

  /** Returns the same, with more headers. */
  public static APIGatewayV2HTTPResponse json(
      int status, Map<String, String> headers, Consumer<JsonWriter> fields) {
    return answer(status, JSON, unstored(headers), JsonWriter.object(fields));
  }

  /**
   * Returns a response that the client may store but must revalidate each time: 304 without a body
   * if its {@code If-None-Match} matches. The tag stands for the body and, in a list, for the
   * {@code Link}: a body may stay the same when the page after it is gone.
   */
  public static APIGatewayV2HTTPResponse revalidated(
      ApiRequest request, Consumer<JsonWriter> fields) {
    return revalidated(request, Map.of(), fields);
  }

  /** Returns the same, with more headers. */
  public static APIGatewayV2HTTPResponse revalidated(
      ApiRequest request, Map<String, String> headers, Consumer<JsonWriter> fields) {
    return revalidated(request, headers, JsonWriter.object(fields));
  }

  /** Returns the same with this JSON text. */
  public static APIGatewayV2HTTPResponse revalidated(
      ApiRequest request, Map<String, String> headers, String body) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Cache-Control", "private, no-cache");
    return tagged(request, EntityTag.ofAll(headers.getOrDefault("Link", "") + body), all, body);
  }

  /**
   * Returns a response with an {@link EntityTag}: 304 without a body if {@code If-None-Match} names
   * it.
   */
  public static APIGatewayV2HTTPResponse tagged(
      ApiRequest request, String tag, Map<String, String> headers, String body) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("ETag", tag);
    if (request.header("if-none-match").filter(named -> EntityTag.isNamed(tag, named)).isEmpty()) {
      return answer(200, JSON, all, body);
    }
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(304)
        .withHeaders(all)
        .withIsBase64Encoded(false)
        .build();
  }

  /** Returns the response to a CORS preflight; the gateway adds the CORS headers. */
  static APIGatewayV2HTTPResponse preflight() {
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(204)
        .withHeaders(unstored(Map.of()))
        .withIsBase64Encoded(false)
        .build();
  }

  /** Returns a problem document. */
  public static APIGatewayV2HTTPResponse problem(Problem problem) {
    Observation.current().problem(problem.code());
    return answer(
        problem.status(),
        "application/problem+json",
        unstored(problem.headers()),
        JsonWriter.object(
            json -> {
              json.text("type", problem.type())
                  .text("title", problem.title())
                  .number("status", problem.status())
                  .text("detail", problem.detail())
                  .text("code", problem.code())
                  .text("message", problem.detail());
              problem.numbers().forEach(json::number);
            }));
  }

  /** Returns the response to HEAD: that of GET, without its body but with its length. */
  static APIGatewayV2HTTPResponse withoutBody(APIGatewayV2HTTPResponse answer) {
    if (answer.getBody() != null) {
      int length = answer.getBody().getBytes(StandardCharsets.UTF_8).length;
      answer.getHeaders().put("Content-Length", Integer.toString(length));
      answer.setBody(null);
    }
    return answer;
  }

  private static Map<String, String> unstored(Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Cache-Control", "no-store");
    return all;
  }

  private static APIGatewayV2HTTPResponse answer(
      int status, String contentType, Map<String, String> headers, String body) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", contentType);
    all.put("X-Content-Type-Options", "nosniff");
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(all)
        .withBody(body)
        .withIsBase64Encoded(false)
        .build();
  }
}
