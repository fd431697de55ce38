package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.config.RedisUrl;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

class ConnectionsIT {
  private final RedisUrl url = new TestRedis().settings(Map.of()).redisUrl().orElseThrow();
  private final AtomicInteger opened = new AtomicInteger();

  @AutoClose
  private final Connections connections =
      new Connections(
          () -> url,
          known -> {
            opened.incrementAndGet();
            return new Sockets(known, TestRedis.PATIENCE, null);
          },
          System::nanoTime);

  @Test
  void connectionIsUsedAgain() {
    connections.use(ConnectionsIT::write);
    connections.use(ConnectionsIT::write);
    assertThat(opened).hasValue(1);
  }

  /** After a failover, a new connection to the same name leads to the new primary. */
  @Test
  void demotedServerIsLeft() {
    // Two are idle.
    connections.use(any -> connections.use(ConnectionsIT::write));
    TestRedis.raw(Command.REPLICAOF, "127.0.0.1", "1");
    try {
      assertThatThrownBy(() -> connections.use(ConnectionsIT::write))
          .isInstanceOf(JedisDataException.class)
          .hasMessageContaining("READONLY");
    } finally {
      TestRedis.raw(Command.REPLICAOF, "NO", "ONE");
    }
    connections.use(ConnectionsIT::write);
    assertThat(opened).hasValue(3);
  }

  private static Object write(Connection connection) {
    return connection.executeCommand(
        new CommandArguments(Command.SET).add("connections").add("written"));
  }
}
