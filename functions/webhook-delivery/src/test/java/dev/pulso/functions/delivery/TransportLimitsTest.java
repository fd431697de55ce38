package dev.pulso.functions.delivery;

import static dev.pulso.functions.delivery.Transports.HEADERS;
import static dev.pulso.functions.delivery.Transports.LAPTOP;
import static dev.pulso.functions.delivery.Transports.SHORT;
import static dev.pulso.functions.delivery.Transports.assertFails;
import static dev.pulso.functions.delivery.Transports.limited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that never end: what is read of them, and for how long. */
class TransportLimitsTest {
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
                Eventually.await(never);
              })) {
        Eventually.isTrue(Duration.ofSeconds(30), () -> isHeard(hasty, dripping.url()));
      }
    }
    never.countDown();
  }

  /** On a machine that stalls, an attempt may end before its status is there. */
  private static boolean isHeard(HttpTransport transport, String url) {
    try {
      return transport.post(url, HEADERS, "{}").status() == 200;
    } catch (Transport.FailedException e) {
      return false;
    }
  }

  @Test
  void wholeAttemptHasALimit() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    HttpTransport hasty = limited(SHORT, new Targets(true)::allow, Dns.SYSTEM);
    try (Receiver silent =
            new Receiver(
                "127.0.0.1", ServerSocketFactory.getDefault(), (s, o) -> Eventually.await(never));
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
                    Eventually.await(never);
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
          Eventually.await(never);
          return List.of(InetAddress.ofLiteral("127.0.0.1"));
        };
    Dns names = new LimitedNames(hanging, SHORT);
    HttpTransport transport = limited(Transport.LIMIT, new Targets(true)::allow, names);
    assertFails(transport, "http://a.example/", "lookup_timeout");
    never.countDown();
  }
}
