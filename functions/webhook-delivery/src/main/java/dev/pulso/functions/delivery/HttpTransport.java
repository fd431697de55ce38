package dev.pulso.functions.delivery;

import dev.pulso.webhooks.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Posts by OkHttp, with a limit for the whole call. It resolves a name once, and {@link
 * GuardedSockets} checks the address at the moment of the connection, so that no second answer of a
 * name server can lead elsewhere. A connection is used once: the next attempt looks up and checks
 * anew.
 */
final class HttpTransport implements Transport {
  /** As much of an answer is read, so that a receiver can finish it; what it says is ignored. */
  private static final long LONGEST_ANSWER = 64 * 1024;

  /** As much is read of a connection: the answer, and as much again of TLS and headers. */
  private static final long LONGEST_EXCHANGE = 2 * LONGEST_ANSWER;

  private static final Duration LOOK_UP = Duration.ofSeconds(10);

  private final OkHttpClient client;

  HttpTransport(OkHttpClient client) {
    this.client = client;
  }

  /** Returns a transport that connects to allowed addresses only. */
  static HttpTransport to(Predicate<InetAddress> isAllowed) {
    return new HttpTransport(client(isAllowed).build());
  }

  static OkHttpClient.Builder client(Predicate<InetAddress> isAllowed) {
    return new OkHttpClient.Builder()
        .dns(new LimitedNames(Dns.SYSTEM, LOOK_UP))
        .socketFactory(new GuardedSockets(isAllowed, LONGEST_EXCHANGE))
        .proxy(Proxy.NO_PROXY)
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .addNetworkInterceptor(chain -> withoutPause(chain.proceed(chain.request())))
        .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
        .callTimeout(LIMIT)
        // The call as a whole is limited, so a slow part of it may take all of that time.
        .connectTimeout(LIMIT)
        .readTimeout(LIMIT)
        .writeTimeout(LIMIT);
  }

  /** OkHttp itself sends again at once after a 503 with {@code Retry-After: 0}. */
  private static Response withoutPause(Response response) {
    return response.newBuilder().removeHeader("Retry-After").build();
  }

  @Override
  public Answer post(String url, Map<String, String> headers, String body) throws FailedException {
    Request request;
    try {
      request =
          new Request.Builder()
              .url(url)
              .headers(Headers.of(headers))
              .header("accept-encoding", "identity")
              .post(RequestBody.create(body.getBytes(StandardCharsets.UTF_8)))
              .build();
    } catch (IllegalArgumentException e) {
      throw new FailedException("invalid_url");
    }
    Call call = client.newCall(request);
    Heard heard = new Heard();
    call.addEventListener(heard);
    try (Response response = call.execute()) {
      skim(call, response);
    } catch (IOException e) {
      return heard.answer.orElseThrow(() -> new FailedException(reason(e)));
    } catch (RuntimeException e) {
      // From OkHttp, for numbers that it does not expect, such as a negative status.
      return heard.answer.orElseThrow(() -> new FailedException("malformed_answer"));
    }
    return heard.answer.orElseThrow();
  }

  /**
   * Keeps the answer once its headers are read. OkHttp may refuse it after that, such as a 204 with
   * a length, though the receiver has the delivery. On the thread of the call.
   */
  private static final class Heard extends EventListener {
    private Optional<Answer> answer = Optional.empty();

    @Override
    public void responseHeadersEnd(Call call, Response response) {
      answer =
          Optional.of(
              new Answer(
                  response.code(),
                  Optional.ofNullable(response.header("Retry-After")),
                  Optional.ofNullable(response.header("Date"))));
    }
  }

  /** The status is known: a body that breaks off, or never ends, changes nothing. */
  private static void skim(Call call, Response response) {
    try {
      if (response.body().source().request(LONGEST_ANSWER)) {
        // Or else OkHttp reads on for a while when it closes the body.
        call.cancel();
      }
    } catch (IOException e) {
      // Nothing in it is wanted.
    }
  }

  private static String reason(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case GuardedSockets.RefusedException e -> {
          return "address_not_allowed";
        }
        case LimitedInput.TooLongException e -> {
          return "answer_too_long";
        }
        case LimitedNames.TimedOutException e -> {
          return "lookup_timeout";
        }
        case UnknownHostException e -> {
          return "unknown_host";
        }
        case InterruptedIOException e -> {
          return "timeout";
        }
        case SSLException e -> {
          return "tls_failed";
        }
        case ProtocolException e -> {
          return "malformed_answer";
        }
        case ConnectException e -> {
          return "connection_refused";
        }
        default -> {}
      }
    }
    return "connection_failed";
  }
}
