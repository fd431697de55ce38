package dev.pulso.overview;

import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A cache of overviews, its clock, and what computes the overviews. */
abstract class OverviewCacheWorld {
  static final Instant READ_AT = Instant.EPOCH;
  static final Duration FRESH = Duration.ofSeconds(30);

  final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 60_000_000_000L);
  final AtomicInteger computed = new AtomicInteger();
  final Set<String> voided = ConcurrentHashMap.newKeySet();
  volatile boolean canTell = true;
  final LocalOverviewCache cache = new LocalOverviewCache(FRESH, clock::get);

  Served get(View view) {
    return cache.get(view, soon(), source(this::compute));
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
    throw new IllegalStateException("away");
  }

  void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  static Page page(String body) {
    return new Page(body, "W/\"" + body.hashCode() + '"', true, READ_AT);
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
