package dev.pulso.redis;

import dev.pulso.config.MissingConnectionException;
import dev.pulso.config.RedisUrl;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A pool of connections to one server, opened on demand. A function has one; a server with
 * concurrent requests has as many as run at once.
 */
final class Connections implements AutoCloseable {
  /** A gateway in between may have dropped a connection that was idle for longer. */
  private static final Duration TRUSTED = Duration.ofSeconds(60);

  private static final int MOST_KEPT = 64;

  private final Supplier<RedisUrl> address;
  private final Function<RedisUrl, JedisSocketFactory> sockets;
  private final LongSupplier nanos;

  /** Null until first use, and after a refusal. If two threads read it at once, either is used. */
  private volatile RedisUrl url;

  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param address reads the URL of the server, which may change between calls
   * @param sockets makes sockets to the server of a URL
   */
  Connections(
      Supplier<RedisUrl> address,
      Function<RedisUrl, JedisSocketFactory> sockets,
      LongSupplier nanos) {
    this.address = address;
    this.sockets = sockets;
    this.nanos = nanos;
  }

  /** An idle connection. */
  private record Idle(Connection connection, long since) {}

  /**
   * Runs work over a connection. If a pooled connection turns out to be closed, the work runs again
   * over a new one.
   *
   * @throws JedisException when the server is unavailable or refuses
   */
  <T> T use(Function<Connection, T> work) {
    Connection kept = takeKept();
    if (kept != null) {
      try {
        return over(kept, work);
      } catch (JedisConnectionException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
      }
    }
    return over(opened(), work);
  }

  private Connection opened() {
    try {
      RedisUrl before = url;
      RedisUrl known = before == null ? address.get() : before;
      Connection connection = new Connection(sockets.apply(known), config(known));
      url = known;
      return connection;
    } catch (MissingConnectionException e) {
      throw new JedisConnectionException("no URL", e);
    } catch (JedisDataException e) {
      // The server refused user or password: the secret may contain a new one.
      url = null;
      throw e;
    }
  }

  private static JedisClientConfig config(RedisUrl url) {
    return DefaultJedisClientConfig.builder()
        .resp2()
        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
        .user(url.user().orElse(null))
        .password(url.password().orElse(null))
        .database(url.database())
        .build();
  }

  private <T> T over(Connection connection, Function<Connection, T> work) {
    try {
      return work.apply(connection);
    } catch (JedisDataException e) {
      // A primary that was demoted keeps its connections and refuses writes. After a failover, new
      // connections lead to its successor.
      connection.setBroken();
      closeKept();
      throw e;
    } finally {
      giveBack(connection);
    }
  }

  private Connection takeKept() {
    for (Idle one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
      if (nanos.getAsLong() - one.since < TRUSTED.toNanos()) {
        return one.connection;
      }
      close(one.connection);
    }
    return null;
  }

  private void giveBack(Connection connection) {
    if (connection.isBroken() || closed.get() || idle.size() >= MOST_KEPT) {
      close(connection);
      return;
    }
    idle.addFirst(new Idle(connection, nanos.getAsLong()));
    if (closed.get()) {
      closeKept();
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (JedisConnectionException e) {
      // The rest was meant for a server that is gone; the socket is closed.
      return;
    }
  }

  private void closeKept() {
    for (Idle one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
      close(one.connection);
    }
  }

  /** Closes idle connections; those in use are closed when they are returned. */
  @Override
  public void close() {
    closed.set(true);
    closeKept();
  }
}
