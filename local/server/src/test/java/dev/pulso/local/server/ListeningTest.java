package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortHolderTest {
  @Test
  void whoListensIsNamedWithItsProcess() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(PortHolder.describe(socket.getLocalPort()))
          .contains("java (process " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void aFreePortHasNoHolder() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(PortHolder.describe(port)).isEqualTo(Optional.empty());
  }

  @Test
  void theRefusalSaysWhatToDo() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Options options =
          new Options(socket.getLocalPort(), Optional.empty(), Optional.empty(), false, false);
      assertThatThrownBy(() -> Listening.open(options))
          .isInstanceOf(StartException.class)
          .hasMessageStartingWith("Port " + socket.getLocalPort() + " is taken by java (process ")
          .hasMessageContaining("./run --port ");
    }
  }
}
