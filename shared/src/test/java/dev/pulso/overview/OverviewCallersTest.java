package dev.pulso.overview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.fixture.Eventually;
import dev.pulso.time.Deadline;
import dev.pulso.time.TimedOutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Many ask for an overview at once, while one computes it. */
class OverviewCallersTest extends OverviewCacheWorld {
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
            return OverviewCallersTest.this.compute();
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

  private static Supplier<Page> slowly(CountDownLatch begun, CountDownLatch goOn, String body) {
    return () -> {
      begun.countDown();
      Eventually.await(goOn);
      return page(body);
    };
  }
}
