package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.Eventually;
import dev.pulso.observe.CacheUse;
import dev.pulso.overview.OverviewSource;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Two processes over one Redis. */
class RedisOverviewCacheIT {
  private static final View OF_A = new View(Optional.of("a"), Accounts.of(Set.of("a")));
  private static final View OF_B = new View(Optional.of("b"), Accounts.of(Set.of("b")));
  private static final View SEES_A = new View(Optional.empty(), Accounts.of(Set.of("a")));
  private static final View SEES_NOTHING = new View(Optional.empty(), Accounts.of(Set.of()));
  private static final List<View> VIEWS = List.of(View.ALL, OF_A, OF_B, SEES_A, SEES_NOTHING);

  private final TestRedis redis = new TestRedis();
  private final RedisSharing one = redis.process(Map.of());
  private final RedisSharing other = redis.process(Map.of());
  private final AtomicInteger computed = new AtomicInteger();
  private final Set<String> voided = ConcurrentHashMap.newKeySet();
  private volatile boolean canTell = true;

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void processesShareOnePage() {
    assertThat(get(one, View.ALL, page("ñ \"1\"\n"))).isEqualTo(Served.computed(page("ñ \"1\"\n")));
    Served there = get(other, View.ALL, page("2"));
    assertThat(there.page()).isEqualTo(page("ñ \"1\"\n"));
    assertThat(there.use()).isEqualTo(CacheUse.HIT);
    assertThat(there.age()).isBetween(Duration.ZERO, Duration.ofSeconds(29));
  }

  @Test
  void viewsAreNeverMixed() {
    for (View view : VIEWS) {
      assertThat(get(one, view, page(view.toString())).use()).isEqualTo(CacheUse.MISS);
    }
    for (View view : VIEWS) {
      assertThat(get(other, view, page("wrong")).page()).isEqualTo(page(view.toString()));
    }
  }

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
  void laterCallersNeverGetEarlierComputation() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served> early =
          threads.submit(() -> one.overviews().get(View.ALL, soon(), source(slowly(begun, goOn))));
      begun.await();
      voided.add("slow");
      Future<Served> late = threads.submit(() -> get(other, View.ALL, page("after", 2)));
      goOn.countDown();
      assertThat(early.get().page()).isEqualTo(page("slow"));
      assertThat(late.get().page()).isEqualTo(page("after", 2));
    }
    assertThat(get(other, View.ALL, page("wrong")).page()).isEqualTo(page("after", 2));
  }

  @Test
  void earlierPageDoesNotReplaceLater() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Served> early =
          threads.submit(() -> one.overviews().get(View.ALL, soon(), source(slowly(begun, goOn))));
      begun.await();
      // Waits in vain, then computes too.
      assertThat(get(other, View.ALL, page("after", 2)))
          .isEqualTo(Served.computed(page("after", 2)));
      goOn.countDown();
      assertThat(early.get().page()).isEqualTo(page("slow"));
    }
    assertThat(get(one, View.ALL, page("wrong")).page()).isEqualTo(page("after", 2));
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
  void oneOfHundredCallersComputes() throws Exception {
    List<Callable<Served>> requests = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      RedisSharing process = i % 2 == 0 ? one : other;
      requests.add(
          () -> {
            all.countDown();
            all.await();
            return process.overviews().get(View.ALL, soon(), source(this::compute));
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(100)) {
      for (Future<Served> answer : threads.invokeAll(requests)) {
        assertThat(answer.get().page()).isEqualTo(page("1"));
      }
    }
    assertThat(computed).hasValue(1);
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
      int tries = computed.get();
      try (RedisSharing another = redis.process(Map.of("OVERVIEW_CACHE_SECONDS", "1"))) {
        assertThat(another.overviews().get(View.ALL, soon(), source(this::fail)).page())
            .isEqualTo(page("good"));
      }
      assertThat(computed).as("nobody tries again at once").hasValue(tries);
    }
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
    assertThat(get(other, View.ALL, page("whole"))).isEqualTo(Served.computed(page("whole")));
  }

  @Test
  void deadComputationIsReplaced() {
    redis.keys();
    SharedPages pages =
        new SharedPages(
            new Redis(() -> redis.settings(Map.of()).redisUrl().orElseThrow(), TestRedis.PATIENCE),
            redis.keys(),
            Duration.ofSeconds(30));
    assertThat(pages.find(View.ALL, "dies", Instant.EPOCH).orElseThrow().turn())
        .isEqualTo(SharedPages.Turn.YOURS);
    long asked = System.nanoTime();
    assertThat(get(one, View.ALL, page("1"))).isEqualTo(Served.computed(page("1")));
    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(6));
    assertThat(get(other, View.ALL, page("2")).page()).isEqualTo(page("1"));
  }

  @Test
  void pagesExpire() {
    get(one, OF_A, page("1"));
    Keys keys = redis.keys();
    assertThat((Long) TestRedis.raw(Command.PTTL, keys.overview(OF_A))).isBetween(1L, 330_000L);
    assertThat((Long) TestRedis.raw(Command.EXISTS, keys.lease(OF_A))).isZero();
  }

  @Test
  void zeroSecondsDisablesCache() {
    try (RedisSharing off = redis.process(Map.of("OVERVIEW_CACHE_SECONDS", "0"))) {
      get(off, View.ALL, page("1"));
      assertThat(get(off, View.ALL, page("2"))).isEqualTo(Served.computed(page("2")));
    }
  }

  /** Waits until the cached page has expired, so that the next caller computes. */
  private void awaitStale(RedisSharing process) {
    Served served = process.overviews().get(View.ALL, soon(), source(this::fail));
    while (served.use() != CacheUse.STALE) {
      served = process.overviews().get(View.ALL, soon(), source(this::fail));
    }
  }

  private Served get(RedisSharing process, View view, Page ifComputed) {
    return process.overviews().get(view, soon(), source(() -> ifComputed));
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
    computed.incrementAndGet();
    throw new IllegalStateException("away");
  }

  private static Supplier<Page> slowly(CountDownLatch begun, CountDownLatch goOn) {
    return () -> {
      begun.countDown();
      Eventually.await(goOn);
      return page("slow");
    };
  }

  private static Page page(String body) {
    return page(body, 1);
  }

  private static Page page(String body, int readAt) {
    String tag = "W/\"" + Integer.toHexString(body.hashCode()) + '"';
    return new Page(body, tag, true, readAt(readAt));
  }

  private static Instant readAt(int seconds) {
    return Instant.ofEpochSecond(1_700_000_000L + seconds);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
