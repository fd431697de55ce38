package dev.pulso.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {
  @Test
  void readsAllParts() {
    assertThat(url("rediss://pulso:s%40cret@cache.example.com:6380/2"))
        .isEqualTo(
            new RedisUrl(
                "cache.example.com", 6380, true, Optional.of("pulso"), Optional.of("s@cret"), 2));
  }

  @Test
  void missingPartsHaveDefaults() {
    assertThat(url("redis://localhost"))
        .isEqualTo(new RedisUrl("localhost", 6379, false, Optional.empty(), Optional.empty(), 0));
    assertThat(url("redis://:secret@localhost/").password()).contains("secret");
    assertThat(url("redis://:secret@localhost/").user()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:6379",
        "http://localhost",
        "redis://",
        "redis://hunter2@localhost",
        "redis://:hunter2@localhost/x",
        "redis://:hunter2@localhost:port",
        "redis://:hunter2@localhost:65536",
        "redis://:hun ter2@localhost"
      })
  void invalidUrlIsReportedWithoutShowingIt(String odd) {
    assertThatThrownBy(() -> url(odd))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("REDIS_URL")
        .satisfies(e -> assertThat(e + " " + e.getCause()).doesNotContain("hun"));
  }

  @Test
  void textHidesCredentials() {
    assertThat(url("rediss://pulso:hunter2@cache:6379").toString())
        .isEqualTo("rediss://cache:6379/0");
  }

  private static RedisUrl url(String text) {
    return Settings.from(Map.of("REDIS_URL", text)).redisUrl().orElseThrow();
  }
}
