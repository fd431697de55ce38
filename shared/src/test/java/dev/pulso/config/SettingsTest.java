package dev.pulso.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.limit.RateLimit;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void defaultsAreThoseOfTheContract() {
    Settings settings = Settings.from(Map.of());
    assertThat(settings.database()).isEqualTo("pulso");
    assertThat(settings.batches()).isEqualTo("batches");
    assertThat(settings.jobs()).isEqualTo("jobs");
    assertThat(settings.accounts()).isEqualTo("accounts");
    assertThat(settings.dashboardZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(settings.overviewCache()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.mongoUri()).isEmpty();
    assertThat(settings.statusRateLimit()).contains(new RateLimit(1, Duration.ofSeconds(5)));
    assertThat(settings.redisUrl()).isEmpty();
  }

  @Test
  void limitMayBeAnotherOneOrNone() {
    assertThat(Settings.from(Map.of("STATUS_RATE_LIMIT", "30/60s")).statusRateLimit())
        .contains(new RateLimit(30, Duration.ofMinutes(1)));
    assertThat(Settings.from(Map.of("STATUS_RATE_LIMIT", "off")).statusRateLimit()).isEmpty();
  }

  @Test
  void blankIsNotSet() {
    Settings settings = Settings.from(Map.of("MONGODB_DATABASE", " ", "MONGODB_URI", ""));
    assertThat(settings.database()).isEqualTo("pulso");
    assertThat(settings.mongoUri()).isEmpty();
  }

  @Test
  void cacheMayBeSwitchedOff() {
    assertThat(Settings.from(Map.of("OVERVIEW_CACHE_SECONDS", "0")).overviewCache())
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void oddValuesAreNamedAtStart() {
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
}
