package dev.pulso.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.RateLimit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void defaultsMatchContract() {
    Settings settings = Settings.from(Map.of());
    assertThat(settings.database()).isEqualTo("pulso");
    assertThat(settings.batches()).isEqualTo("batches");
    assertThat(settings.jobs()).isEqualTo("jobs");
    assertThat(settings.accounts()).isEqualTo("accounts");
    assertThat(settings.dashboardZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(settings.overviewCache()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.mongoUri()).isEmpty();
    assertThat(settings.statusRateLimit()).contains(new RateLimit(1, Duration.ofSeconds(5)));
    assertThat(settings.hasRedis()).isFalse();
  }

  @Test
  void limitCanBeChangedOrDisabled() {
    assertThat(Settings.from(Map.of("STATUS_RATE_LIMIT", "30/60s")).statusRateLimit())
        .contains(new RateLimit(30, Duration.ofMinutes(1)));
    assertThat(Settings.from(Map.of("STATUS_RATE_LIMIT", "off")).statusRateLimit()).isEmpty();
  }

  @Test
  void blankCountsAsMissing() {
    Settings settings = Settings.from(Map.of("MONGODB_DATABASE", " ", "MONGODB_URI", ""));
    assertThat(settings.database()).isEqualTo("pulso");
    assertThat(settings.mongoUri()).isEmpty();
  }

  @Test
  void cacheCanBeDisabled() {
    assertThat(Settings.from(Map.of("OVERVIEW_CACHE_SECONDS", "0")).overviewCache())
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void tracingIsOffByDefault() {
    assertThat(Settings.from(Map.of()).stack()).isEqualTo("local");
    assertThat(Settings.from(Map.of()).tracing()).isEmpty();
    Settings traced =
        Settings.from(
            Map.of(
                "STACK",
                "pulso-prod",
                "TRACING",
                "on",
                "AWS_XRAY_DAEMON_ADDRESS",
                "10.0.0.1:2000"));
    assertThat(traced.stack()).isEqualTo("pulso-prod");
    assertThat(traced.tracing()).contains(new InetSocketAddress("10.0.0.1", 2000));
    assertThatThrownBy(() -> Settings.from(Map.of("TRACING", "yes")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("TRACING");
    for (String odd : List.of("2000", ":2000", "localhost:x", "localhost:99999")) {
      assertThatThrownBy(
              () -> Settings.from(Map.of("TRACING", "on", "AWS_XRAY_DAEMON_ADDRESS", odd)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("AWS_XRAY_DAEMON_ADDRESS");
    }
  }

  @Test
  void invalidValuesAreNamed() {
    for (String odd : List.of("-1", "soon", "1.5", "99999999999")) {
      assertThatThrownBy(() -> Settings.from(Map.of("OVERVIEW_CACHE_SECONDS", odd)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("OVERVIEW_CACHE_SECONDS");
    }
    for (String odd : List.of("1", "fast", "1/0s", "5s", "1 / 5s")) {
      assertThatThrownBy(() -> Settings.from(Map.of("STATUS_RATE_LIMIT", odd)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining("STATUS_RATE_LIMIT");
    }
    assertThatThrownBy(() -> Settings.from(Map.of("DASHBOARD_TIMEZONE", "Mars/Olympus")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("DASHBOARD_TIMEZONE");
  }

  @Test
  void invalidDatabaseNamesAreErrors() {
    List<String> databases = List.of("a.b", "a b", "a/b", "a\\b", "a$b", "a\"b");
    databases.forEach(name -> refuses("MONGODB_DATABASE", name));
    refuses("MONGODB_DATABASE", "ñ".repeat(32));
    for (String variable :
        List.of("BATCHES_COLLECTION", "JOBS_COLLECTION", "ACCOUNTS_COLLECTION")) {
      List.of("a$b", "system.a", ".a").forEach(name -> refuses(variable, name));
      refuses(variable, "x".repeat(181));
    }
    Map<String, String> odd =
        Map.of("MONGODB_DATABASE", "ñ".repeat(31), "JOBS_COLLECTION", "mis llamadas.2025");
    assertThat(Settings.from(odd).jobs()).isEqualTo("mis llamadas.2025");
  }

  private static void refuses(String variable, String value) {
    assertThatThrownBy(() -> Settings.from(Map.of(variable, value)))
        .as(value)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(variable);
  }
}
