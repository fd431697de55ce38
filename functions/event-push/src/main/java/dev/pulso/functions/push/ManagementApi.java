package dev.pulso.functions.push;

import dev.pulso.observe.Log;
import dev.pulso.push.Outbound;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The gateway's management API, by which a function sends to the clients of a WebSocket API:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/
 * apigateway-how-to-call-websocket-api-connections.html
 */
final class ManagementApi implements Outbound {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** More at once would wait for the processor, not for the gateway. */
  private static final int AT_ONCE = 64;

  private static final int GONE = 410;
  private static final int FORBIDDEN = 403;
  private static final String JSON = "application/json";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final URI endpoint;
  private final Signature signature;
  private final Clock clock;

  /**
   * @param endpoint address of the stage, such as {@code https://….amazonaws.com/events}
   */
  ManagementApi(URI endpoint, Signature signature, Clock clock) {
    this.endpoint = endpoint;
    this.signature = signature;
    this.clock = clock;
  }

  @Override
  public Delivery post(String connection, String message) {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    int status = send("POST", connection, body);
    if (status == GONE) {
      return Delivery.GONE;
    }
    if (status == FORBIDDEN) {
      Log.error("push_forbidden", json -> json.number("status", status));
    }
    return isSuccess(status) ? Delivery.DELIVERED : Delivery.REFUSED;
  }

  @Override
  public boolean disconnect(String connection) {
    int status = send("DELETE", connection, new byte[0]);
    return status == GONE || isSuccess(status);
  }

  private static boolean isSuccess(int status) {
    return status / 100 == 2;
  }

  /** Returns the status; 0 if none came in time. */
  private int send(String method, String connection, byte[] body) {
    URI uri =
        URI.create(
            endpoint + "/@connections/" + URLEncoder.encode(connection, StandardCharsets.UTF_8));
    Map<String, String> own = body.length == 0 ? Map.of() : Map.of("content-type", JSON);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofByteArray(body));
    own.forEach(request::header);
    boolean isFree = false;
    try {
      free.acquire();
      isFree = true;
      // Signed now: a signature is good for five minutes only.
      signature.headers(method, uri, own, body, clock.instant()).forEach(request::header);
      HttpResponse<Void> response = http.send(request.build(), BodyHandlers.discarding());
      return response.statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } finally {
      if (isFree) {
        free.release();
      }
    }
  }
}
