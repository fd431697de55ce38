package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
import dev.pulso.overview.OverviewSource;
import dev.pulso.overview.Page;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The server becomes unavailable, in several ways, and returns. No request waits for it or fails.
 */
class RedisAwayIT {
  private static final int REQUESTS = 1_000;

  /** A port without a listener. */
  private static final int NOBODY = 1;

  /**
   * One caller notices the outage; all others cost almost nothing. If each noticed it alone, it
   * would take 50 s.
   */
  private static final Duration FOR_ALL = Duration.ofSeconds(12);

  private final TestRedis redis = new TestRedis();
  private boolean isCurrent = true;

  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void limitsResumeAfterOutage(boolean silent) throws IOException {
    try (Relay relay = Relay.to(TestRedis.server());
        RedisSharing process = process(relay.port())) {
      awaitAnswer(process);
      relay.cut(silent);
      long begun = System.nanoTime();
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(process.pollLimiter().orElseThrow().admit("ana", "batch")).isEmpty();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(FOR_ALL);
      relay.mend();
      awaitAnswer(process);
    }
  }

  @ParameterizedTest(name = "silent: {0}")
  @ValueSource(booleans = {false, true})
  void overviewsAreCachedLocallyMeanwhile(boolean silent) throws IOException {
    try (Relay relay = Relay.to(TestRedis.server());
        RedisSharing process = process(relay.port())) {
      awaitAnswer(process);
      assertThat(overview(process, "seen")).isEqualTo("seen");
      relay.cut(silent);
      long begun = System.nanoTime();
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(overview(process, "new")).isEqualTo("seen");
      }
      isCurrent = false;
      assertThat(overview(process, "changed")).isEqualTo("changed");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(FOR_ALL);
    }
  }

  @Test
  void unreachableServerCostsNothing() {
    try (RedisSharing process = process(NOBODY)) {
      long begun = System.nanoTime();
      process.warmUp();
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(process.pollLimiter().orElseThrow().admit("ana", "batch")).isEmpty();
        assertThat(overview(process, "local")).isEqualTo("local");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(FOR_ALL);
    }
  }

  @Test
  void closedConnectionsAreReopened() throws IOException {
    try (Relay relay = Relay.to(TestRedis.server());
        RedisSharing process =
            RedisSharing.open(redis.settings(url(relay.port()), Map.of()), TestRedis.PATIENCE)) {
      awaitAnswer(process);
      relay.mend();
      assertThat(process.pollLimiter().orElseThrow().admit("ana", "batch")).isPresent();
    }
  }

  @Test
  void wrongPasswordCountsAsOutage() {
    String url = TestRedis.server().url().replace("//", "//nobody:wrong@");
    try (RedisSharing process = RedisSharing.open(redis.settings(url, Map.of()))) {
      assertThat(process.pollLimiter().orElseThrow().admit("ana", "batch")).isEmpty();
    }
  }

  /** Uses the time limit of a real function. */
  private RedisSharing process(int port) {
    return RedisSharing.open(redis.settings(url(port), Map.of()));
  }

  private static String url(int port) {
    return "redis://127.0.0.1:" + port;
  }

  private static void awaitAnswer(RedisSharing process) {
    Eventually.isTrue(
        Duration.ofMinutes(2),
        () -> process.pollLimiter().orElseThrow().admit("bob", "any").isPresent());
  }

  private String overview(RedisSharing process, String ifComputed) {
    OverviewSource source =
        new OverviewSource() {
          @Override
          public Page compute() {
            return new Page(ifComputed, "W/\"1\"", true, Instant.EPOCH.plusSeconds(1));
          }

          @Override
          public boolean isCurrent(Page page) {
            return isCurrent;
          }
        };
    return process
        .overviews()
        .get(View.ALL, Deadline.in(Duration.ofSeconds(10)), source)
        .page()
        .body();
  }
}
