package dev.pulso.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.observe.CacheUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalOverviewCacheTest extends OverviewCacheWorld {
  private static final View OF_A = new View(Optional.of("a"), Accounts.of(Set.of("a")));
  private static final View SEES_A = new View(Optional.empty(), Accounts.of(Set.of("a")));
  private static final View SEES_A_AND_B =
      new View(Optional.empty(), Accounts.of(Set.of("a", "b")));
  private static final View SEES_NOTHING = new View(Optional.empty(), Accounts.of(Set.of()));
  private static final List<View> VIEWS =
      List.of(View.ALL, OF_A, SEES_A, SEES_A_AND_B, SEES_NOTHING);

  @Test
  void freshPageIsServedWithAge() {
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("1"), Duration.ZERO));
    pass(Duration.ofMillis(29_999));
    assertThat(get(View.ALL))
        .isEqualTo(new Served(page("1"), CacheUse.HIT, Duration.ofMillis(29_999)));
    pass(Duration.ofMillis(1));
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2"), Duration.ZERO));
  }

  @Test
  void ageStartsWithComputation() {
    Served slow =
        cache.get(
            View.ALL,
            soon(),
            source(
                () -> {
                  pass(Duration.ofSeconds(3));
                  return page("slow");
                }));
    assertThat(slow.age()).isEqualTo(Duration.ofSeconds(3));
    assertThat(get(View.ALL).age()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void viewsAreNeverMixed() {
    for (View view : VIEWS) {
      assertThat(cache.get(view, soon(), source(() -> page(view.toString()))).use())
          .isEqualTo(CacheUse.MISS);
    }
    for (View view : VIEWS) {
      assertThat(get(view).page()).isEqualTo(page(view.toString()));
    }
    View equal = new View(Optional.empty(), Accounts.of(Set.of("b", "a")));
    assertThat(get(equal).page()).isEqualTo(page(SEES_A_AND_B.toString()));
  }

  @Test
  void earlierPageDoesNotReplaceFreshLaterOne() {
    Page later = new Page("later", "t", true, READ_AT.plusSeconds(1));
    cache.put(View.ALL, later, Duration.ZERO);
    cache.put(View.ALL, page("earlier"), Duration.ofSeconds(5));
    assertThat(get(View.ALL).page()).isEqualTo(later);
    // Of a server whose clock was set back since.
    pass(FRESH);
    cache.put(View.ALL, page("earlier"), Duration.ZERO);
    assertThat(get(View.ALL).page()).isEqualTo(page("earlier"));
  }

  @Test
  void zeroSecondsDisablesCache() {
    LocalOverviewCache off = new LocalOverviewCache(Duration.ZERO, clock::get);
    off.get(View.ALL, soon(), source(this::compute));
    assertThat(off.get(View.ALL, soon(), source(this::compute)))
        .isEqualTo(Served.computed(page("2"), Duration.ZERO));
  }

  @Test
  void incompletePageIsNotCached() {
    cache.get(View.ALL, soon(), source(() -> new Page("half", "t", false, READ_AT)));
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void failureServesStaleForFiveMinutes() {
    get(View.ALL);
    pass(FRESH.plusMinutes(5).minusMillis(1));
    Served stale = cache.get(View.ALL, soon(), source(this::fail));
    assertThat(stale.use()).isEqualTo(CacheUse.STALE);
    assertThat(stale.page()).isEqualTo(page("1"));
    assertThat(stale.age()).isEqualTo(FRESH.plusMinutes(5).minusMillis(1));
    pass(Duration.ofMillis(1));
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), source(this::fail))).hasMessage("away");
  }

  @Test
  void failureIsNotRetriedAtOnce() {
    get(View.ALL);
    pass(FRESH);
    cache.get(View.ALL, soon(), source(this::fail));
    pass(OverviewCache.RETRY.minusMillis(1));
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.STALE);
    assertThat(computed).hasValue(1);
    pass(Duration.ofMillis(1));
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2"), Duration.ZERO));
  }

  @Test
  void failureWithoutPageIsThrown() {
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), source(this::fail))).hasMessage("away");
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void outdatedPageIsComputedAnew() {
    VIEWS.forEach(this::get);
    voided.add("1");
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("6"), Duration.ZERO));
    assertThat(get(View.ALL).page()).isEqualTo(page("6"));
    assertThat(VIEWS).allSatisfy(view -> assertThat(get(view).use()).isEqualTo(CacheUse.HIT));
  }

  @Test
  void uncheckedPageIsServedAsStale() {
    get(View.ALL);
    pass(Duration.ofSeconds(3));
    canTell = false;
    assertThat(get(View.ALL))
        .isEqualTo(new Served(page("1"), CacheUse.STALE, Duration.ofSeconds(3)));
    canTell = true;
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.HIT);
  }

  @Test
  void outdatedPageIsNeverServed() {
    get(View.ALL);
    voided.add("1");
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), source(this::fail))).hasMessage("away");
    canTell = false;
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void outdatedPageIsNotServedAfterFailure() {
    get(View.ALL);
    pass(FRESH);
    voided.add("1");
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), source(this::fail))).hasMessage("away");
    canTell = false;
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void outdatedPageIsNotServedBetweenRetries() {
    get(View.ALL);
    pass(FRESH);
    cache.get(View.ALL, soon(), source(this::fail));
    voided.add("1");
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2"), Duration.ZERO));
  }

  @Test
  void leastRecentlyUsedPageIsEvicted() {
    get(View.ALL);
    get(OF_A);
    get(View.ALL);
    for (int i = 0; i < LocalOverviewCache.MOST_VIEWS - 1; i++) {
      get(new View(Optional.of("x" + i), Accounts.of(Set.of("x" + i))));
      assertThat(get(View.ALL).use()).isEqualTo(CacheUse.HIT);
    }
    assertThat(get(OF_A).use()).isEqualTo(CacheUse.MISS);
  }
}
