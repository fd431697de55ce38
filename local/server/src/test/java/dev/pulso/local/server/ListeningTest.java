package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListeningTest {
  @Test
  void takenPortGetsSuggestion() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Options options =
          new Options(
              socket.getLocalPort(), Optional.empty(), Optional.empty(), false, false, false);
      assertThatThrownBy(() -> Listening.open(options))
          .isInstanceOf(StartException.class)
          .hasMessageStartingWith(
              "Port " + socket.getLocalPort() + " is unavailable (Address already")
          .hasMessageContaining("./run --port ");
    }
  }
}
