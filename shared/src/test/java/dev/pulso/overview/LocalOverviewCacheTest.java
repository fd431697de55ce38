package dev.pulso.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.Eventually;
import dev.pulso.observe.CacheUse;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LocalOverviewCacheTest {
  private static final Instant READ_AT = Instant.EPOCH;
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final View OF_A = new View(Optional.of("a"), Accounts.of(Set.of("a")));
  private static final View SEES_A = new View(Optional.empty(), Accounts.of(Set.of("a")));
  private static final View SEES_A_AND_B =
      new View(Optional.empty(), Accounts.of(Set.of("a", "b")));
  private static final View SEES_NOTHING = new View(Optional.empty(), Accounts.of(Set.of()));
  private static final List<View> VIEWS =
      List.of(View.ALL, OF_A, SEES_A, SEES_A_AND_B, SEES_NOTHING);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 60_000_000_000L);
  private final AtomicInteger computed = new AtomicInteger();
  private final Set<String> voided = ConcurrentHashMap.newKeySet();
  private volatile boolean canTell = true;
  private final LocalOverviewCache cache = new LocalOverviewCache(FRESH, clock::get);

  @Test
  void freshPageIsServedWithAge() {
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("1")));
    pass(Duration.ofMillis(29_999));
    assertThat(get(View.ALL))
        .isEqualTo(new Served(page("1"), CacheUse.HIT, Duration.ofMillis(29_999)));
    pass(Duration.ofMillis(1));
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2")));
  }

  @Test
  void ageStartsWithComputation() {
    cache.get(
        View.ALL,
        soon(),
        source(
            () -> {
              pass(Duration.ofSeconds(3));
              return page("slow");
            }));
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
  void zeroSecondsDisablesCache() {
    LocalOverviewCache off = new LocalOverviewCache(Duration.ZERO, clock::get);
    off.get(View.ALL, soon(), source(this::compute));
    assertThat(off.get(View.ALL, soon(), source(this::compute)))
        .isEqualTo(Served.computed(page("2")));
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
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2")));
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
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("6")));
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
  void outdatedPageIsNotServedBetweenRetries() {
    get(View.ALL);
    pass(FRESH);
    cache.get(View.ALL, soon(), source(this::fail));
    voided.add("1");
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2")));
  }

  @Test
  void laterCallersNeverGetEarlierComputation() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served> early =
          threads.submit(() -> cache.get(View.ALL, soon(), source(slowly(begun, goOn, "before"))));
      begun.await();
      voided.add("before");
      Future<Served> late = threads.submit(() -> get(View.ALL));
      goOn.countDown();
      assertThat(early.get().page()).isEqualTo(page("before"));
      assertThat(late.get().page()).isEqualTo(page("1"));
      assertThat(get(View.ALL).page()).isEqualTo(page("1"));
    }
  }

  /**
   * Otherwise every caller would compute during the seconds in which a change invalidates pages.
   */
  @Test
  void laterComputationIsServedUnchecked() throws Exception {
    get(View.ALL);
    voided.add("1");
    voided.add("after");
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    AtomicReference<Thread> answered = new AtomicReference<>();
    OverviewSource waitsBeforeItLeadsOrJoins =
        new OverviewSource() {
          @Override
          public Page compute() {
            return LocalOverviewCacheTest.this.compute();
          }

          @Override
          public boolean isCurrent(Page page) {
            asked.countDown();
            Eventually.await(begun);
            answered.set(Thread.currentThread());
            return false;
          }
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served> first =
          threads.submit(() -> cache.get(View.ALL, soon(), waitsBeforeItLeadsOrJoins));
      asked.await();
      pass(Duration.ofMillis(1));
      Future<Served> leader =
          threads.submit(() -> cache.get(View.ALL, soon(), source(slowly(begun, goOn, "after"))));
      begun.await();
      while (answered.get() == null || answered.get().getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait(); // until it has joined
      }
      goOn.countDown();
      assertThat(leader.get().page()).isEqualTo(page("after"));
      assertThat(first.get().page()).isEqualTo(page("after"));
    }
    assertThat(computed).hasValue(1);
  }

  @Test
  void oneOfHundredCallersComputes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    List<Future<Served>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        answers.add(
            threads.submit(
                () ->
                    cache.get(
                        View.ALL,
                        soon(),
                        source(
                            () -> {
                              computed.incrementAndGet();
                              return slowly(begun, goOn, "one").get();
                            }))));
      }
      begun.await();
      goOn.countDown();
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.get().page()).isEqualTo(page("one")));
    assertThat(computed).hasValue(1);
  }

  @Test
  void expiredDeadlineDoesNotWait() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Served> leader =
        CompletableFuture.supplyAsync(
            () -> cache.get(View.ALL, soon(), source(slowly(begun, goOn, "late"))));
    begun.await();
    assertThatThrownBy(() -> cache.get(View.ALL, Deadline.in(Duration.ZERO), source(this::compute)))
        .isInstanceOf(TimedOutException.class);
    goOn.countDown();
    assertThat(leader.get(10, TimeUnit.SECONDS).page()).isEqualTo(page("late"));
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

  private Served get(View view) {
    return cache.get(view, soon(), source(this::compute));
  }

  private OverviewSource source(Supplier<Page> compute) {
    return new OverviewSource() {
      @Override
      public Page compute() {
        return compute.get();
      }

      @Override
      public boolean isCurrent(Page page) {
        if (!canTell) {
          throw new IllegalStateException("away");
        }
        return !voided.contains(page.body());
      }
    };
  }

  private Page compute() {
    return page("" + computed.incrementAndGet());
  }

  private Page fail() {
    throw new IllegalStateException("away");
  }

  private static Supplier<Page> slowly(CountDownLatch begun, CountDownLatch goOn, String body) {
    return () -> {
      begun.countDown();
      Eventually.await(goOn);
      return page(body);
    };
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private static Page page(String body) {
    return new Page(body, "W/\"" + body.hashCode() + '"', true, READ_AT);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
