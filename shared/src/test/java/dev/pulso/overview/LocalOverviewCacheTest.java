package dev.pulso.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.observe.CacheUse;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LocalOverviewCacheTest {
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
  private final LocalOverviewCache cache = new LocalOverviewCache(FRESH, clock::get);

  @Test
  void oneThatIsYoungEnoughIsServedAgainWithItsAge() {
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("1")));
    pass(Duration.ofMillis(29_999));
    assertThat(get(View.ALL))
        .isEqualTo(new Served(page("1"), CacheUse.HIT, Duration.ofMillis(29_999)));
    pass(Duration.ofMillis(1));
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2")));
  }

  @Test
  void ageCountsFromTheBeginningOfTheComputation() {
    cache.get(
        View.ALL,
        soon(),
        () -> {
          pass(Duration.ofSeconds(3));
          return page("slow");
        });
    assertThat(get(View.ALL).age()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void viewsAreNeverMixed() {
    for (View view : VIEWS) {
      assertThat(cache.get(view, soon(), () -> page(view.toString())).use())
          .isEqualTo(CacheUse.MISS);
    }
    for (View view : VIEWS) {
      assertThat(get(view).page()).isEqualTo(page(view.toString()));
    }
    View equal = new View(Optional.empty(), Accounts.of(Set.of("b", "a")));
    assertThat(get(equal).page()).isEqualTo(page(SEES_A_AND_B.toString()));
  }

  @Test
  void zeroSecondsMeansNever() {
    LocalOverviewCache off = new LocalOverviewCache(Duration.ZERO, clock::get);
    off.get(View.ALL, soon(), this::compute);
    assertThat(off.get(View.ALL, soon(), this::compute)).isEqualTo(Served.computed(page("2")));
  }

  @Test
  void oneThatIsNotCompleteIsNotKept() {
    cache.get(View.ALL, soon(), () -> new Page("half", "t", false));
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void failureServesTheLastGoodOneForFiveMinutesMore() {
    get(View.ALL);
    pass(FRESH.plusMinutes(5).minusMillis(1));
    Served stale = cache.get(View.ALL, soon(), this::fail);
    assertThat(stale.use()).isEqualTo(CacheUse.STALE);
    assertThat(stale.page()).isEqualTo(page("1"));
    assertThat(stale.age()).isEqualTo(FRESH.plusMinutes(5).minusMillis(1));
    pass(Duration.ofMillis(1));
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), this::fail)).hasMessage("away");
  }

  @Test
  void failureIsNotRepeatedForEachWhoAsksWhileThereIsAStaleOne() {
    get(View.ALL);
    pass(FRESH);
    cache.get(View.ALL, soon(), this::fail);
    pass(OverviewCache.RETRY.minusMillis(1));
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.STALE);
    assertThat(computed).hasValue(1);
    pass(Duration.ofMillis(1));
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("2")));
  }

  @Test
  void failureWithoutALastGoodOneIsThrown() {
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), this::fail)).hasMessage("away");
    assertThat(get(View.ALL).use()).isEqualTo(CacheUse.MISS);
  }

  @Test
  void changeOfABatchMakesVoidWhatShowsItsAccountAndNothingElse() {
    VIEWS.forEach(this::get);
    get(new View(Optional.of("b"), Accounts.of(Set.of("b"))));
    cache.forget(Optional.of("a"));
    assertThat(kept()).containsExactly(SEES_NOTHING);
    assertThat(get(new View(Optional.of("b"), Accounts.of(Set.of("b")))).use())
        .isEqualTo(CacheUse.HIT);
  }

  @Test
  void changeOfABatchWithoutAnAccountMakesVoidWhatShowsAll() {
    VIEWS.forEach(this::get);
    cache.forget(Optional.empty());
    assertThat(kept()).containsExactly(OF_A, SEES_A, SEES_A_AND_B, SEES_NOTHING);
  }

  @Test
  void whatIsVoidIsNotServedInsteadOfAnErrorEither() {
    get(View.ALL);
    cache.forget(Optional.of("a"));
    assertThatThrownBy(() -> cache.get(View.ALL, soon(), this::fail)).hasMessage("away");
  }

  @Test
  void whatWasBeingComputedDuringTheChangeIsNotKept() {
    cache.get(
        View.ALL,
        soon(),
        () -> {
          cache.forget(Optional.of("a"));
          return page("before");
        });
    assertThat(get(View.ALL)).isEqualTo(Served.computed(page("1")));
  }

  @Test
  void whoAsksAfterTheChangeDoesNotWaitForWhatWasBegunBefore() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served> early =
          threads.submit(() -> cache.get(View.ALL, soon(), slowly(begun, goOn, "before")));
      begun.await();
      cache.forget(Optional.of("a"));
      assertThat(get(View.ALL)).isEqualTo(Served.computed(page("1")));
      goOn.countDown();
      assertThat(early.get().page()).isEqualTo(page("before"));
      assertThat(get(View.ALL).page()).isEqualTo(page("1"));
    }
  }

  @Test
  void ofAHundredAtOnceOneComputes() throws Exception {
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
                        () -> {
                          computed.incrementAndGet();
                          return slowly(begun, goOn, "one").get();
                        })));
      }
      begun.await();
      goOn.countDown();
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.get().page()).isEqualTo(page("one")));
    assertThat(computed).hasValue(1);
  }

  @Test
  void whoHasNoTimeLeftDoesNotWaitForTheOneWhoComputes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Served> leader =
        CompletableFuture.supplyAsync(
            () -> cache.get(View.ALL, soon(), slowly(begun, goOn, "late")));
    begun.await();
    assertThatThrownBy(() -> cache.get(View.ALL, Deadline.in(Duration.ZERO), this::compute))
        .isInstanceOf(TimedOutException.class);
    goOn.countDown();
    assertThat(leader.get(10, TimeUnit.SECONDS).page()).isEqualTo(page("late"));
  }

  @Test
  void whatIsKeptIsBoundedAndWhatWasAskedForTheLongestAgoGoesFirst() {
    get(View.ALL);
    get(OF_A);
    get(View.ALL);
    for (int i = 0; i < LocalOverviewCache.MOST_VIEWS - 1; i++) {
      get(new View(Optional.of("x" + i), Accounts.of(Set.of("x" + i))));
      assertThat(get(View.ALL).use()).isEqualTo(CacheUse.HIT);
    }
    assertThat(get(OF_A).use()).isEqualTo(CacheUse.MISS);
  }

  private List<View> kept() {
    return VIEWS.stream().filter(view -> get(view).use() == CacheUse.HIT).toList();
  }

  private Served get(View view) {
    return cache.get(view, soon(), this::compute);
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
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return page(body);
    };
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private static Page page(String body) {
    return new Page(body, "W/\"" + body.hashCode() + '"', true);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
