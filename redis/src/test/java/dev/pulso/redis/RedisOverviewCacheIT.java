package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.fixture.Eventually;
import dev.pulso.observe.CacheUse;
import dev.pulso.overview.LocalOverviewCache;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Two processes over one Redis. */
class RedisOverviewCacheIT extends SharedOverviews {
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicInteger views = new AtomicInteger();

  @Test
  void processesShareOnePage() {
    isComputed(get(one, View.ALL, page("ñ \"1\"\n")), page("ñ \"1\"\n"));
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
      isComputed(get(other, View.ALL, page("after", 2)), page("after", 2));
      goOn.countDown();
      assertThat(early.get().page()).isEqualTo(page("slow"));
    }
    assertThat(get(one, View.ALL, page("wrong")).page()).isEqualTo(page("after", 2));
  }

  @Test
  void oneOfHundredCallersComputes() {
    Eventually.isTrue(LONG, this::isComputedOnce);
  }

  /** Returns false if a busy machine took so long that callers did not wait for the first. */
  private boolean isComputedOnce() throws Exception {
    View view = anotherView();
    computed.set(0);
    long start = System.nanoTime();
    List<Callable<Served>> requests = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(100);
    for (int i = 0; i < 100; i++) {
      RedisSharing process = i % 2 == 0 ? one : other;
      requests.add(
          () -> {
            all.countDown();
            all.await();
            return process.overviews().get(view, soon(), source(this::compute));
          });
    }
    Set<Page> pages = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(100)) {
      for (Future<Served> answer : threads.invokeAll(requests)) {
        pages.add(answer.get().page());
      }
    }
    if (System.nanoTime() - start < RedisOverviewCache.PATIENCE.toNanos()) {
      assertThat(computed).hasValue(1);
    }
    return pages.equals(Set.of(page("1"))) && computed.get() == 1;
  }

  private View anotherView() {
    String account = "another " + views.incrementAndGet();
    return new View(Optional.of(account), Accounts.of(Set.of(account)));
  }

  /** Redis was away for a moment, and this process computed a page that Redis does not have. */
  @Test
  void laterPageOfThisProcessIsServed() {
    get(other, View.ALL, page("1", 1));
    LocalOverviewCache local = new LocalOverviewCache(FRESH);
    local.put(View.ALL, page("2", 2), Duration.ZERO);
    RedisOverviewCache cache = new RedisOverviewCache(pages(), local);
    Served served = cache.get(View.ALL, soon(), source(this::fail));
    assertThat(served.page()).isEqualTo(page("2", 2));
    assertThat(served.use()).isEqualTo(CacheUse.HIT);
    voided.addAll(List.of("1", "2"));
    Page three = page("3", 3);
    isComputed(cache.get(View.ALL, soon(), source(() -> three)), three);
  }

  private SharedPages pages() {
    return new SharedPages(
        new Redis(() -> redis.settings(Map.of()).redisUrl().orElseThrow(), TestRedis.PATIENCE),
        redis.keys(),
        FRESH);
  }

  @Test
  void deadComputationIsReplaced() {
    // A busy machine may take longer, or as long as the lease before it asks.
    Eventually.answer(
        LONG,
        this::timeToReplace,
        took ->
            took.compareTo(Duration.ofMillis(1_500)) > 0
                && took.compareTo(Duration.ofSeconds(6)) < 0);
  }

  private Duration timeToReplace() {
    View view = anotherView();
    assertThat(pages().find(view, "dies", Instant.EPOCH).orElseThrow().turn())
        .isEqualTo(SharedPages.Turn.YOURS);
    long asked = System.nanoTime();
    isComputed(get(one, view, page("1")), page("1"));
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    assertThat(get(other, view, page("2")).page()).isEqualTo(page("1"));
    return took;
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
      assertThat(get(off, View.ALL, page("2")))
          .isEqualTo(Served.computed(page("2"), Duration.ZERO));
    }
  }

  private static Supplier<Page> slowly(CountDownLatch begun, CountDownLatch goOn) {
    return () -> {
      begun.countDown();
      Eventually.await(goOn);
      return page("slow");
    };
  }
}
