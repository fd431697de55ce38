package dev.pulso.local.server.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.pulso.http.Answers;
import dev.pulso.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes the response of a function, or a problem, to the client. */
final class Answer {
  private static final String TEXT = "text/plain;charset=utf-8";

  private Answer() {}

  /** Sets status and headers, and returns the body for {@link #send}. */
  static byte[] prepare(APIGatewayV2HTTPResponse answer, Response response) {
    response.setStatus(answer.getStatusCode());
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, TEXT);
    if (answer.getHeaders() != null) {
      answer.getHeaders().forEach(headers::put);
    }
    if (answer.getMultiValueHeaders() != null) {
      answer.getMultiValueHeaders().forEach(headers::put);
    }
    if (answer.getCookies() != null) {
      answer.getCookies().forEach(cookie -> headers.add(HttpHeader.SET_COOKIE, cookie));
    }
    String body = answer.getBody();
    if (body == null || body.isEmpty()) {
      return new byte[0];
    }
    return answer.getIsBase64Encoded()
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  /** Sets status and headers, and returns the body for {@link #send}. */
  static byte[] prepare(Problem problem, Response response) {
    return prepare(Answers.problem(problem), response);
  }

  /** Sends a prepared response; responses without content (204, 304) have no length. */
  static void send(byte[] body, Response response, Callback callback) {
    int status = response.getStatus();
    if (status == 204 || status == 304) {
      response.getHeaders().remove(HttpHeader.CONTENT_TYPE);
      // In two steps: otherwise Jetty sets a length of 0, which is wrong for a 304.
      Callback end = Callback.from(() -> response.write(true, null, callback), callback::failed);
      response.write(false, null, end);
    } else {
      // For HEAD, the function sets the length of the body itself.
      if (body.length > 0 || !response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      }
      response.write(true, ByteBuffer.wrap(body), callback);
    }
  }
}
