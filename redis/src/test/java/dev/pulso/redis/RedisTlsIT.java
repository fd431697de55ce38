package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.config.RedisUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Connections with TLS, user and password. */
class RedisTlsIT {
  private static final String READ = "return {tostring(redis.call('GET', KEYS[1]))}";

  private static final String WRITE = "redis.call('SET', KEYS[1], 'there', 'PX', 60000) return {}";

  private static TlsEnd tls;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    TestRedis.server();
    tls = new TlsEnd(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (tls != null) {
      tls.close();
    }
  }

  @Test
  void credentialsAndDatabaseOfUrlAreUsed() {
    TestRedis.raw(Command.ACL, "SETUSER", "pulso", "on", ">s@cret", "~mine", "+@all");
    String url = "rediss://pulso:s%40cret@localhost:" + tls.port() + "/3";
    try (Redis redis = redis(url)) {
      assertThat(redis.run(WRITE, List.of("mine"))).isPresent();
      assertThat(redis.run(READ, List.of("mine")).orElseThrow().text(0)).isEqualTo("there");
      assertThat(redis.run(READ, List.of("theirs"))).as("not for this user").isEmpty();
    }
    try (Redis redis = redis("rediss://localhost:" + tls.port())) {
      assertThat(redis.run(READ, List.of("mine")).orElseThrow().text(0)).isEqualTo("false");
    }
  }

  @Test
  void wrongHostIsRefused() {
    try (Redis redis = redis("rediss://127.0.0.1:" + tls.port())) {
      assertThat(redis.run(READ, List.of("k"))).isEmpty();
    }
  }

  @Test
  void untrustedCertificateIsRefused() {
    RedisUrl url = url("rediss://localhost:" + tls.port());
    try (Redis redis = new Redis(() -> url, TestRedis.PATIENCE)) {
      assertThat(redis.run(READ, List.of("k"))).isEmpty();
    }
  }

  @Test
  void serverWithoutTlsIsRefused() {
    RedisUrl url = url(TestRedis.server().url().replace("redis:", "rediss:"));
    SSLSocketFactory trusting = tls.trusting();
    try (Redis redis = new Redis(() -> url, Duration.ofMillis(300), () -> trusting)) {
      assertThat(redis.run(READ, List.of("k"))).isEmpty();
    }
  }

  private static Redis redis(String url) {
    SSLSocketFactory trusting = tls.trusting();
    return new Redis(() -> url(url), TestRedis.PATIENCE, () -> trusting);
  }

  private static RedisUrl url(String text) {
    return new TestRedis().settings(text, Map.of()).redisUrl().orElseThrow();
  }
}
