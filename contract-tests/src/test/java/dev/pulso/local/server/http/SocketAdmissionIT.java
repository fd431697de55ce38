package dev.pulso.local.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.Eventually;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Who may connect. */
class SocketAdmissionIT extends SocketWorld {
  @Test
  void aTicketConnectsOnceAndIsAnswered() {
    String ticket = ticket();
    SocketClient client = connect("?token=" + ticket, Optional.empty());
    client.send(PING);
    client.awaitMessage(SOON, PONG);
    client.send("no JSON");
    client.awaitMessage(SOON, "\"code\":\"INVALID_MESSAGE\"");
    client.send(PING);
    Eventually.isTrue(SOON, () -> client.received().size() == 3);
    assertRefused("?token=" + ticket, Optional.empty());
  }

  @Test
  void nobodyConnectsWithoutATicketOrFromAnotherOrigin() {
    assertRefused("", Optional.empty());
    assertRefused("?token=", Optional.empty());
    assertRefused("?token=eyJhbGciOiJub25lIn0.e30.", Optional.empty());
    assertRefused("?token=" + ticket(), Optional.of("https://evil.example.com"));
    connect("?token=" + ticket(), Optional.of("https://other.example.com"));
    connect("?token=" + ticket(), Optional.of("http://127.0.0.1:" + served.port()));
  }

  @Test
  void onlyNamesOfThisMachineAreItsOwnPages() throws IOException {
    for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
      assertThat(handshake(host + ":" + served.port())).as(host).contains(" 101 ");
    }
    // Whoever owns this name makes it lead to 127.0.0.1 once the page is loaded.
    assertThat(handshake("rebound.example.com:" + served.port())).contains(" 403 ");
    assertThat(handshake("localhost.example.com:" + served.port())).contains(" 403 ");
  }

  @Test
  void aTicketThatIsNoTextIsABadRequest() throws IOException {
    for (String ticket : List.of("%zz", "%", "%ff")) {
      try (RawSocketClient client = new RawSocketClient(served.port())) {
        assertThat(client.connect(ticket, "localhost:" + served.port()))
            .as(ticket)
            .contains(" 400 ");
      }
    }
  }

  /** Connects as a page of this host, and returns the first line of the answer. */
  private String handshake(String host) throws IOException {
    try (RawSocketClient client = new RawSocketClient(served.port())) {
      return client.connect(ticket(), host);
    }
  }

  private void assertRefused(String query, Optional<String> origin) {
    assertThatThrownBy(() -> connect(query, origin))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
  }
}
