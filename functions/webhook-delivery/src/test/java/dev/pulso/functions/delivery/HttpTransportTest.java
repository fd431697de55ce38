package dev.pulso.functions.delivery;

import static dev.pulso.functions.delivery.Transports.HEADERS;
import static dev.pulso.functions.delivery.Transports.LAPTOP;
import static dev.pulso.functions.delivery.Transports.assertFails;
import static dev.pulso.functions.delivery.Transports.limited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.TlsKeys;
import dev.pulso.webhooks.Transport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries to real receivers on loopback, and what their answers mean. */
class HttpTransportTest {
  @Test
  void postsBodyAndHeaders() throws Exception {
    try (Receiver receiver = Receiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
      assertThat(LAPTOP.post(receiver.url(), HEADERS, "{\"a\":1}").status()).isEqualTo(200);
      assertThat(receiver.requests.getFirst())
          .startsWith("POST /hook?a=b HTTP/1.1\n")
          .contains("webhook-id: msg_a\n")
          .endsWith("{\"a\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmuch more than that",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx",
        "HTTP/1.1 200 OK\r\n\r\n"
      })
  void brokenBodyAfterSuccessIsSuccess(String answer) throws Exception {
    try (Receiver receiver = Receiver.saying(answer)) {
      assertThat(LAPTOP.post(receiver.url(), HEADERS, "{}").status()).isEqualTo(200);
    }
  }

  /** What HTTP forbids, or OkHttp cannot read, hides no status. */
  @ParameterizedTest
  @CsvSource({
    "204, Content-Length: 5",
    "205, Content-Length: 2",
    "503, Retry-After: 99999999999999999999",
    "407, Content-Length: 0",
    "408, Retry-After: 0",
    "401, WWW-Authenticate: Basic"
  })
  void statusCountsOnceItIsRead(int status, String header) throws Exception {
    String answer = "HTTP/1.1 %d X\r\n%s\r\nDate: now\r\nConnection: close\r\n\r\n";
    try (Receiver receiver = Receiver.saying(answer.formatted(status, header))) {
      Transport.Answer read = LAPTOP.post(receiver.url(), HEADERS, "{}");
      assertThat(read.status()).isEqualTo(status);
      assertThat(read.date()).contains("now");
      assertThat(receiver.requests).hasSize(1);
    }
  }

  @Test
  void redirectIsNotFollowed() throws Exception {
    try (Receiver other = Receiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Receiver receiver =
            Receiver.saying(
                "HTTP/1.1 307 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(other.url()))) {
      assertThat(LAPTOP.post(receiver.url(), HEADERS, "{}").status()).isEqualTo(307);
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void retryAfterAndDateAreRead() throws Exception {
    try (Receiver receiver =
        Receiver.saying(
            "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                + "Content-Length: 0\r\n\r\n")) {
      Transport.Answer answer = LAPTOP.post(receiver.url(), HEADERS, "{}");
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.retryAfter()).contains("7");
      assertThat(answer.date()).contains("Thu, 01 Jan 2026 00:00:00 GMT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "00", "5"})
  void attemptIsOneRequest(String retryAfter) throws Exception {
    String answer =
        "HTTP/1.1 503 Busy\r\nRetry-After: %s\r\nConnection: close\r\n\r\n".formatted(retryAfter);
    try (Receiver receiver = Receiver.saying(answer)) {
      assertThat(LAPTOP.post(receiver.url(), HEADERS, "{}").status()).isEqualTo(503);
      assertThat(receiver.requests).hasSize(1);
    }
  }

  @Test
  void othersFailuresHaveNames() throws Exception {
    try (Receiver garbage = Receiver.saying("SSH-2.0-OpenSSH\r\n");
        Receiver below = Receiver.saying("HTTP/1.1 -20 OK\r\nContent-Length: 0\r\n\r\n");
        Receiver hangsUp = Receiver.saying("")) {
      assertFails(LAPTOP, garbage.url(), "malformed_answer");
      assertFails(LAPTOP, below.url(), "malformed_answer");
      assertFails(LAPTOP, hangsUp.url(), "connection_failed");
    }
    int free;
    try (ServerSocket closed = new ServerSocket(0)) {
      free = closed.getLocalPort();
    }
    assertFails(LAPTOP, "http://127.0.0.1:" + free + "/", "connection_refused");
    assertFails(LAPTOP, "https://", "invalid_url");
    Dns unknown =
        name -> {
          throw new UnknownHostException(name);
        };
    HttpTransport lost = limited(Transport.LIMIT, any -> true, unknown);
    assertFails(lost, "http://a.example/", "unknown_host");
  }

  @Test
  void certificateMustBeTrustedAndOfThatName(@TempDir Path folder) throws Exception {
    TlsKeys keys = TlsKeys.make(folder, "good.example");
    Dns loopback = name -> List.of(InetAddress.ofLiteral("127.0.0.1"));
    HttpTransport trusting =
        new HttpTransport(
            HttpTransport.client(any -> true)
                .dns(loopback)
                .sslSocketFactory(keys.context().getSocketFactory(), keys.trust())
                .build());
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    try (Receiver receiver =
        new Receiver(
            "127.0.0.1",
            keys.context().getServerSocketFactory(),
            (socket, out) -> out.write(answer.getBytes()))) {
      String end = ".example:" + receiver.port() + "/";
      assertThat(trusting.post("https://good" + end, HEADERS, "{}").status()).isEqualTo(200);
      assertFails(trusting, "https://wrong" + end, "tls_failed");
      HttpTransport strict = limited(Transport.LIMIT, any -> true, loopback);
      assertFails(strict, "https://good" + end, "tls_failed");
      assertThat(receiver.requests).filteredOn(request -> request.startsWith("POST")).hasSize(1);
    }
  }
}
