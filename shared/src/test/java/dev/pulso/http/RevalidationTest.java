package dev.pulso.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.text.EntityTag;
import dev.pulso.text.JsonWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevalidationTest {
  @Test
  void matchingTagGets304WithoutBody() {
    String tag = status(1, Map.of()).getHeaders().get("ETag");
    APIGatewayV2HTTPResponse again = status(1, Map.of("If-None-Match", tag));
    assertThat(again.getStatusCode()).isEqualTo(304);
    assertThat(again.getBody()).isNull();
    assertThat(again.getHeaders())
        .containsEntry("ETag", tag)
        .containsEntry("Cache-Control", "private, no-cache")
        .doesNotContainKey("Content-Type");
  }

  @Test
  void olderTagGetsNewAnswer() {
    String tag = status(1, Map.of()).getHeaders().get("ETag");
    APIGatewayV2HTTPResponse changed = status(2, Map.of("if-none-match", tag));
    assertThat(changed.getStatusCode()).isEqualTo(200);
    assertThat(changed.getBody()).isEqualTo("{\"pending_jobs\":2}");
    assertThat(changed.getHeaders().get("ETag")).isNotEqualTo(tag);
  }

  @Test
  void timestampDoesNotChangeTag() {
    String tag = overview(1, 5, Map.of()).getHeaders().get("ETag");
    assertThat(tag).startsWith("W/");
    assertThat(overview(2, 5, Map.of("if-none-match", tag)).getStatusCode()).isEqualTo(304);
    assertThat(overview(2, 6, Map.of("if-none-match", tag)).getStatusCode()).isEqualTo(200);
  }

  private static APIGatewayV2HTTPResponse status(long pending, Map<String, String> headers) {
    return Answers.revalidated(request(headers), json -> json.number("pending_jobs", pending));
  }

  private static APIGatewayV2HTTPResponse overview(
      long at, long pending, Map<String, String> headers) {
    return Answers.tagged(
        request(headers),
        EntityTag.ofWhatMatters("" + pending),
        Map.of("Cache-Control", "private, max-age=30"),
        JsonWriter.object(json -> json.number("at", at).number("pending", pending)));
  }

  private static ApiRequest request(Map<String, String> headers) {
    return new ApiRequest(APIGatewayV2HTTPEvent.builder().withHeaders(headers).build());
  }
}
