package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.overview.OverviewSource;
import dev.pulso.overview.Page;
import dev.pulso.overview.Served;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** Two processes over one Redis, and what computes their overviews. */
abstract class SharedOverviews {
  static final View OF_A = new View(Optional.of("a"), Accounts.of(Set.of("a")));
  static final View OF_B = new View(Optional.of("b"), Accounts.of(Set.of("b")));
  static final View SEES_A = new View(Optional.empty(), Accounts.of(Set.of("a")));
  static final View SEES_NOTHING = new View(Optional.empty(), Accounts.of(Set.of()));
  static final List<View> VIEWS = List.of(View.ALL, OF_A, OF_B, SEES_A, SEES_NOTHING);

  final TestRedis redis = new TestRedis();
  final RedisSharing one = redis.process(Map.of());
  final RedisSharing other = redis.process(Map.of());
  final AtomicInteger computed = new AtomicInteger();
  final Set<String> voided = ConcurrentHashMap.newKeySet();
  volatile boolean canTell = true;

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  Served get(RedisSharing process, View view, Page ifComputed) {
    return process.overviews().get(view, soon(), source(() -> ifComputed));
  }

  static void isComputed(Served served, Page page) {
    assertThat(served).isEqualTo(Served.computed(page, served.age()));
    assertThat(served.age()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(10));
  }

  OverviewSource source(Supplier<Page> compute) {
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

  Page compute() {
    return page("" + computed.incrementAndGet());
  }

  Page fail() {
    computed.incrementAndGet();
    throw new IllegalStateException("away");
  }

  static Page page(String body) {
    return page(body, 1);
  }

  static Page page(String body, int readAt) {
    String tag = "W/\"" + Integer.toHexString(body.hashCode()) + '"';
    return new Page(body, tag, true, readAt(readAt));
  }

  static Instant readAt(int seconds) {
    return Instant.ofEpochSecond(1_700_000_000L + seconds);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
