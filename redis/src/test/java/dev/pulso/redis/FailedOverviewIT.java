package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.Eventually;
import dev.pulso.observe.CacheUse;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** An overview that is outdated, or cannot be computed or checked. */
class FailedOverviewIT extends SharedOverviews {
  @Test
  void outdatedPageIsComputedOnce() {
    for (View view : VIEWS) {
      get(one, view, page("before " + view.account(), 1));
      get(other, view, page("before", 1));
    }
    voided.add("before " + OF_A.account());
    assertThat(get(other, OF_A, page("after", 2)).page()).isEqualTo(page("after", 2));
    assertThat(get(one, OF_A, page("again", 3)).page()).isEqualTo(page("after", 2));
    assertThat(get(other, OF_B, page("after", 2)).page())
        .isEqualTo(page("before " + OF_B.account(), 1));
  }

  @Test
  void uncheckedPageIsServedAsStale() {
    get(one, View.ALL, page("1"));
    canTell = false;
    Served served = get(other, View.ALL, page("2"));
    assertThat(served.page()).isEqualTo(page("1"));
    assertThat(served.use()).isEqualTo(CacheUse.STALE);
  }

  @Test
  void outdatedPageIsNeverServed() {
    get(one, View.ALL, page("1"));
    get(other, View.ALL, page("2"));
    voided.add("1");
    for (RedisSharing process : List.of(one, other)) {
      assertThatThrownBy(() -> process.overviews().get(View.ALL, soon(), source(this::fail)))
          .hasMessage("away");
    }
  }

  @Test
  void failureServesLastGoodPage() {
    RedisSharing shortly = redis.process(Map.of("OVERVIEW_CACHE_SECONDS", "1"));
    try (shortly) {
      get(shortly, View.ALL, page("good"));
      awaitStale(shortly);
      Served stale = shortly.overviews().get(View.ALL, soon(), source(this::fail));
      assertThat(stale.page()).isEqualTo(page("good"));
      assertThat(stale.use()).isEqualTo(CacheUse.STALE);
      assertThat(stale.age()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
      // On a busy machine, two seconds may have passed: then one tries again, and the next does
      // not.
      Eventually.isTrue(Duration.ofMinutes(1), this::isServedUntried);
    }
  }

  private boolean isServedUntried() {
    int tries = computed.get();
    try (RedisSharing another = redis.process(Map.of("OVERVIEW_CACHE_SECONDS", "1"))) {
      assertThat(another.overviews().get(View.ALL, soon(), source(this::fail)).page())
          .isEqualTo(page("good"));
    }
    return computed.get() == tries;
  }

  @Test
  void failureServesNoOutdatedPage() {
    get(one, View.ALL, page("before"));
    TestRedis.raw(Command.HINCRBY, redis.keys().overview(View.ALL), "at", "-60000");
    voided.add("before");
    assertThatThrownBy(() -> one.overviews().get(View.ALL, soon(), source(this::fail)))
        .hasMessage("away");
  }

  @Test
  void failureWithoutPageIsThrown() {
    assertThatThrownBy(() -> one.overviews().get(View.ALL, soon(), source(this::fail)))
        .hasMessage("away");
    assertThat(get(other, View.ALL, page("good")).page()).isEqualTo(page("good"));
  }

  @Test
  void incompletePageIsNotCached() {
    one.overviews().get(View.ALL, soon(), source(() -> new Page("half", "t", false, readAt(1))));
    isComputed(get(other, View.ALL, page("whole")), page("whole"));
  }

  /** Waits until the cached page has expired, so that the next caller computes. */
  private void awaitStale(RedisSharing process) {
    Served served = process.overviews().get(View.ALL, soon(), source(this::fail));
    while (served.use() != CacheUse.STALE) {
      served = process.overviews().get(View.ALL, soon(), source(this::fail));
    }
  }
}
