package dev.pulso.redis;

import dev.pulso.config.Settings;
import dev.pulso.local.database.RedisServer;
import dev.pulso.local.database.RedisUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** A separate deployment on the Redis that all tests share. */
final class TestRedis {
  /** Long enough that a busy machine does not look like an outage of Redis. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String deployment = UUID.randomUUID().toString();

  /** Returns the server; without one, the test is skipped with a reason. */
  static RedisServer server() {
    try {
      return RedisServer.forTests();
    } catch (RedisUnavailableException e) {
      return Assumptions.abort(e.getMessage());
    }
  }

  Settings settings(Map<String, String> environment) {
    return settings(server().url(), environment);
  }

  Settings settings(String url, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("MONGODB_URI", "mongodb://localhost");
    all.put("MONGODB_DATABASE", deployment);
    all.put("REDIS_URL", url);
    return Settings.from(all);
  }

  /** Opens another process of the deployment. */
  RedisSharing process(Map<String, String> environment) {
    return RedisSharing.open(settings(environment), PATIENCE);
  }

  Keys keys() {
    return new Keys(settings(Map.of()));
  }

  /** Returns the server's reply to a command. */
  static Object raw(Command command, String... arguments) {
    HostAndPort address = new HostAndPort(server().host(), server().port());
    try (Connection connection = new Connection(address)) {
      connection.setSoTimeout((int) PATIENCE.toMillis());
      CommandArguments all = new CommandArguments(command);
      List.of(arguments).forEach(all::add);
      Object answer = connection.executeCommand(all);
      return answer instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : answer;
    }
  }
}
