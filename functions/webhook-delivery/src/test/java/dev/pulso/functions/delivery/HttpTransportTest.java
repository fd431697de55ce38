package dev.pulso.functions.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.TlsKeys;
import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries to real receivers on loopback, well-behaved and others. */
class HttpTransportTest {
  private static final Map<String, String> HEADERS = Map.of("webhook-id", "msg_a");
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final HttpTransport LAPTOP = HttpTransport.to(new Targets(true)::allow);
  private static final HttpTransport CLOUD = HttpTransport.to(new Targets(false)::allow);

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
  void endlessAnswerIsReadInPartOnly() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (Receiver receiver =
        new Receiver(
            "127.0.0.1",
            ServerSocketFactory.getDefault(),
            (socket, out) -> {
              out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
              byte[] much = new byte[64 * 1024];
              try {
                while (true) {
                  out.write(much);
                }
              } catch (IOException e) {
                hungUp.countDown();
                throw e;
              }
            })) {
      assertThat(LAPTOP.post(receiver.url(), HEADERS, "{}").status()).isEqualTo(200);
      hungUp.await();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX: |xxxxxxxx",
        "|HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 |2"
      })
  void endlessHeadersAreReadInPartOnly(String answer) throws Exception {
    String[] parts = answer.split("\\|");
    try (Receiver receiver =
        new Receiver(
            "127.0.0.1",
            ServerSocketFactory.getDefault(),
            (socket, out) -> {
              out.write(parts[0].getBytes());
              byte[] again = parts[1].repeat(1_000).getBytes();
              while (true) {
                out.write(again);
              }
            })) {
      assertFails(LAPTOP, receiver.url(), "answer_too_long");
    }
  }

  /** The status is known, so the attempt succeeds; but it ends in time. */
  @Test
  void bodyThatDripsHasALimit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HttpTransport hasty = limited(SHORT, new Targets(true)::allow, Dns.SYSTEM);
    for (String length : List.of("Content-Length: 900", "Transfer-Encoding: chunked", "X: y")) {
      try (Receiver dripping =
          new Receiver(
              "127.0.0.1",
              ServerSocketFactory.getDefault(),
              (socket, out) -> {
                out.write(("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n4\r\na").getBytes());
                out.flush();
                await(never);
              })) {
        assertThat(hasty.post(dripping.url(), HEADERS, "{}").status()).isEqualTo(200);
      }
    }
    never.countDown();
  }

  @Test
  void wholeAttemptHasALimit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HttpTransport hasty = limited(SHORT, new Targets(true)::allow, Dns.SYSTEM);
    try (Receiver silent =
            new Receiver("127.0.0.1", ServerSocketFactory.getDefault(), (s, o) -> await(never));
        Receiver dripping =
            new Receiver(
                "127.0.0.1",
                ServerSocketFactory.getDefault(),
                (socket, out) -> {
                  for (byte b : "HTTP/1.1 200 OK\r\nX: ".getBytes()) {
                    out.write(b);
                    out.flush();
                  }
                  while (true) {
                    out.write('x');
                    out.flush();
                    await(never);
                  }
                })) {
      assertFails(hasty, silent.url(), "timeout");
      assertFails(hasty, silent.url().replace("http:", "https:"), "timeout");
      assertFails(hasty, dripping.url(), "timeout");
    } finally {
      never.countDown();
    }
  }

  @Test
  void nameServerThatHangsIsLimitedToo() {
    CountDownLatch never = new CountDownLatch(1);
    Dns hanging =
        name -> {
          await(never);
          return List.of(InetAddress.ofLiteral("127.0.0.1"));
        };
    Dns names = new LimitedNames(hanging, SHORT);
    HttpTransport transport = limited(Transport.LIMIT, new Targets(true)::allow, names);
    assertFails(transport, "http://a.example/", "lookup_timeout");
    never.countDown();
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
    assertFails(limited(SHORT, any -> true, unknown), "http://a.example/", "unknown_host");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/",
        "http://localhost:%d/",
        "http://2130706433:%d/",
        "http://127.1:%d/",
        "http://0x7f.1:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://0:%d/"
      })
  void loopbackIsNeverReachedInTheCloud(String url) throws Exception {
    try (Receiver receiver = Receiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      assertThatThrownBy(() -> CLOUD.post(url.formatted(receiver.port()), HEADERS, "{}"))
          .isInstanceOf(Transport.FailedException.class);
      assertThat(receiver.requests).isEmpty();
    }
  }

  /** What the owner reads of a URL that was stored by an older version, or by hand. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "https://10.0.0.1/, address_not_allowed",
    "https://[::ffff:10.0.0.1]/, address_not_allowed",
    "https://[fd00:ec2::254]/, address_not_allowed",
    "https://user:word@10.0.0.1/, address_not_allowed",
    "https://localhost/, address_not_allowed",
    "https://inner.example./, address_not_allowed",
    "https://bücher.example/, unknown_host",
    "https://example.com:0/, invalid_url",
    "https://[fe80::1%25eth0]/, invalid_url",
    "https://my host/, invalid_url",
    "ftp://example.com/, invalid_url",
    "'', invalid_url"
  })
  void reasonNamesTheFault(String url, String reason) {
    Dns names =
        name -> {
          if (name.startsWith("xn--")) {
            throw new UnknownHostException(name);
          }
          return List.of(
              InetAddress.ofLiteral(name.startsWith("inner") ? "10.0.0.2" : "127.0.0.1"));
        };
    assertFails(limited(Transport.LIMIT, new Targets(false)::allow, names), url, reason);
  }

  @Test
  void nameThatLeadsToALoopbackAddressIsRefused() throws Exception {
    try (Receiver receiver = Receiver.saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      Dns inner = name -> List.of(InetAddress.ofLiteral("127.0.0.1"));
      HttpTransport transport = limited(SHORT, new Targets(false)::allow, inner);
      assertFails(transport, "http://a.example:" + receiver.port(), "address_not_allowed");
      assertThat(receiver.requests).isEmpty();
    }
  }

  /** A name server that changes its answer: 127.0.0.2 stands for a public address. */
  @Test
  void secondLookUpChangesNothing() throws Exception {
    List<String> lookUps = new ArrayList<>();
    Dns rebinding =
        name -> {
          lookUps.add(name);
          String address = lookUps.size() == 1 ? "127.0.0.2" : "127.0.0.1";
          return List.of(InetAddress.ofLiteral(address));
        };
    Predicate<InetAddress> isPublic = address -> address.getHostAddress().equals("127.0.0.2");
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    try (Receiver outer =
        new Receiver(
            "127.0.0.2",
            ServerSocketFactory.getDefault(),
            (socket, out) -> out.write(answer.getBytes()))) {
      HttpTransport transport = limited(Duration.ofSeconds(20), isPublic, rebinding);
      String url = "http://a.example:" + outer.port() + "/";
      assertThat(transport.post(url, HEADERS, "{}").status()).isEqualTo(200);
      assertThat(lookUps).hasSize(1);
      assertThat(outer.requests).hasSize(1);
      assertFails(transport, url, "address_not_allowed");
      assertThat(outer.requests).hasSize(1);
    }
  }

  private static HttpTransport limited(
      Duration limit, Predicate<InetAddress> isAllowed, Dns names) {
    return new HttpTransport(HttpTransport.client(isAllowed).callTimeout(limit).dns(names).build());
  }

  private static void assertFails(HttpTransport transport, String url, String reason) {
    assertThatThrownBy(() -> transport.post(url, HEADERS, "{}"))
        .isInstanceOf(Transport.FailedException.class)
        .hasMessage(reason);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
