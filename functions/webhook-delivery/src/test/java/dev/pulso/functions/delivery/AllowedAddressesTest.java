package dev.pulso.functions.delivery;

import static dev.pulso.functions.delivery.Transports.CLOUD;
import static dev.pulso.functions.delivery.Transports.HEADERS;
import static dev.pulso.functions.delivery.Transports.assertFails;
import static dev.pulso.functions.delivery.Transports.limited;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.webhooks.Targets;
import dev.pulso.webhooks.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only public addresses are reached, whatever a URL or a name server says. */
class AllowedAddressesTest {
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
      HttpTransport transport = limited(Transport.LIMIT, new Targets(false)::allow, inner);
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
}
