package dev.pulso.redis;

import dev.pulso.config.RedisUrl;
import dev.pulso.observe.Log;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis that may be unavailable at any moment. Then every call returns empty, at once except for
 * the caller that notices first. Safe for use by several threads.
 */
final class Redis implements AutoCloseable {
  private final Connections connections;
  private final Breaker breaker;

  Redis(Supplier<RedisUrl> url, Duration patience) {
    this(url, patience, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /**
   * @param url reads the URL, on first use and after the server refused a user or password
   * @param patience time limit of one reply
   * @param tls makes TLS sockets
   */
  Redis(Supplier<RedisUrl> url, Duration patience, Supplier<SSLSocketFactory> tls) {
    this.connections =
        new Connections(url, known -> new Sockets(known, patience, tls), System::nanoTime);
    this.breaker = new Breaker(System::nanoTime);
  }

  /**
   * Runs a script in one round trip.
   *
   * @param script Lua, which the server runs atomically and by its own clock
   * @return its reply, a list; empty if the server is unavailable
   */
  Optional<Reply> run(String script, List<String> keys, Object... arguments) {
    OptionalLong tried = breaker.begin();
    if (tried.isEmpty()) {
      return Optional.empty();
    }
    try {
      CommandArguments command = command(script, keys, arguments);
      Object reply = connections.use(connection -> connection.executeCommand(command));
      breaker.succeeded(tried.getAsLong());
      return Optional.of(new Reply((List<?>) reply));
    } catch (JedisException e) {
      if (breaker.failed(tried.getAsLong())) {
        log(e);
      }
      return Optional.empty();
    }
  }

  private static CommandArguments command(String script, List<String> keys, Object... arguments) {
    CommandArguments all = new CommandArguments(Command.EVAL).add(script).add(keys.size());
    keys.forEach(all::add);
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return all;
  }

  private static void log(JedisException failure) {
    Throwable cause = failure.getCause();
    Log.info(
        "redis_away",
        json ->
            json.text("failure", failure.getClass().getSimpleName())
                .text("cause", cause == null ? "" : cause.getClass().getSimpleName()));
  }

  @Override
  public void close() {
    connections.close();
  }
}
