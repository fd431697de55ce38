package dev.pulso.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.json.JsonWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes every answer. */
public final class Answers {
  private Answers() {}

  /** An answer with a JSON object, which nobody may keep. */
  public static APIGatewayV2HTTPResponse json(int status, Consumer<JsonWriter> fields) {
    return json(status, Map.of("Cache-Control", "no-store"), fields);
  }

  /** An answer with a JSON object and headers. */
  public static APIGatewayV2HTTPResponse json(
      int status, Map<String, String> headers, Consumer<JsonWriter> fields) {
    return answer(status, "application/json; charset=utf-8", headers, JsonWriter.object(fields));
  }

  /** The answer that tells of a problem. */
  public static APIGatewayV2HTTPResponse problem(Problem problem) {
    Map<String, String> headers = new HashMap<>(problem.headers());
    headers.put("Cache-Control", "no-store");
    return answer(
        problem.status(),
        "application/problem+json",
        headers,
        JsonWriter.object(
            json ->
                json.text("type", problem.type())
                    .text("title", problem.title())
                    .number("status", problem.status())
                    .text("detail", problem.detail())
                    .text("code", problem.code())
                    .text("message", problem.detail())));
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
