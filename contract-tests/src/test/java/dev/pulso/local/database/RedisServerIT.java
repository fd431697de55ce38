package dev.pulso.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each available source of a Redis works. */
class RedisServerIT {
  private static final Map<String, String> NO_PATH = Map.of("PATH", "");

  @Test
  void serverOnThePathAnswers() throws Exception {
    Wish wish = wish(System.getenv());
    assumeTrue(
        MongodBinary.onPath("redis-server", wish.environment()).isPresent(),
        "no redis-server on the PATH");
    assertThat(pong(RedisProcess.onPath(wish))).isEqualTo("+PONG\r\n");
  }

  @Test
  void serverInAContainerAnswers() throws Exception {
    Machine.withDocker();
    assertThat(pong(RedisContainer.start(wish(System.getenv())))).isEqualTo("+PONG\r\n");
  }

  @Test
  void fetchedServerAnswers() throws Exception {
    assumeTrue(Wheel.fitsThisMachine(), "there is none to fetch for this machine");
    assertThat(pong(RedisProcess.fetched(wish(System.getenv())))).isEqualTo("+PONG\r\n");
  }

  @Test
  void missingServerIsReported(@TempDir Path cache) {
    assertThatThrownBy(() -> RedisProcess.onPath(wish(NO_PATH)))
        .hasMessageContaining("redis-server, valkey-server");
    Map<String, String> emptyCache = new HashMap<>(NO_PATH);
    emptyCache.put("XDG_CACHE_HOME", cache.toString());
    assertThatThrownBy(() -> RedisProcess.fetched(wish(emptyCache)))
        .isInstanceOf(NotThisWayException.class)
        .hasMessageMatching(".*(python3|Linux).*");
  }

  @Test
  void testsShareOne() {
    assertThat(RedisServer.forTests()).isSameAs(RedisServer.forTests());
    assertThat(RedisServer.forTests().url()).startsWith("redis://");
  }

  private static String pong(RedisServer server) throws IOException {
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII);
    }
  }

  private static Wish wish(Map<String, String> environment) {
    return new Wish(Optional.empty(), environment, line -> {});
  }
}
