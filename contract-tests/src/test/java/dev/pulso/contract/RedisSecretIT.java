package dev.pulso.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.RateLimiter;
import dev.pulso.config.Settings;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.RedisServer;
import dev.pulso.redis.RedisSharing;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The URL of Redis comes from a secret, and its password may change. */
class RedisSecretIT {
  /** Long enough that a busy machine does not look like an outage of Redis. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final String user = "u" + UUID.randomUUID().toString().replace("-", "");
  private RedisServer server;
  private SecretsExtension extension;
  private RedisSharing process;
  private RateLimiter limiter;

  @BeforeEach
  void open() throws IOException {
    server = SharedByProcessesIT.server();
    extension = new SecretsExtension();
    process =
        RedisSharing.open(
            Settings.from(
                Map.of(
                    "MONGODB_SECRET_ID",
                    "any",
                    "MONGODB_DATABASE",
                    user,
                    "REDIS_SECRET_ID",
                    SecretsExtension.ARN)),
            PATIENCE,
            extension.environment());
    limiter = process.pollLimiter().orElseThrow();
  }

  @AfterEach
  void close() throws IOException {
    process.close();
    extension.close();
    redis("ACL DELUSER " + user);
  }

  @Test
  void changedPasswordNeedsNoDeployment() throws IOException {
    password("old");
    assertThat(limiter.admit("ana", "b")).isPresent();
    assertThat(limiter.admit("eva", "b")).isPresent();
    assertThat(extension.reads()).isEqualTo(1);
    password("new");
    redis("CLIENT KILL USER " + user);
    Eventually.isTrue(Duration.ofSeconds(60), () -> limiter.admit("ana", "b").isPresent());
    assertThat(extension.reads()).isEqualTo(2);
  }

  @Test
  void secretIsReadAgainAfterFailure() throws IOException {
    extension.answer(400, "not ready to serve traffic");
    assertThat(limiter.admit("ana", "b")).isEmpty();
    password("any");
    Eventually.isTrue(Duration.ofSeconds(60), () -> limiter.admit("ana", "b").isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "pl4nted", "http://user:pl4nted@localhost", "{\"uri\"", "redis://"})
  void invalidSecretIsRedisAway(String secret) {
    extension.secret(secret);
    assertThat(limiter.admit("ana", "b")).isEmpty();
    assertThat(limiter.admit("ana", "b")).as("not asked again at once").isEmpty();
    assertThat(extension.reads()).isEqualTo(1);
  }

  /** Changes the password of the user, in Redis and in the secret. */
  private void password(String password) throws IOException {
    redis("ACL SETUSER " + user + " on resetpass >" + password + " ~* +@all");
    extension.secret(
        "{\"uri\": \"redis://%s:%d\", \"username\": \"%s\", \"password\": \"%s\"}"
            .formatted(server.host(), server.port(), user, password));
  }

  private void redis(String command) throws IOException {
    try (Socket socket = new Socket(server.host(), server.port())) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      assertThat((char) socket.getInputStream().read()).as(command).isIn('+', ':');
    }
  }
}
