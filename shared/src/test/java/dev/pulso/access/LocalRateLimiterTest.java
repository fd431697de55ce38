package dev.pulso.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LocalRateLimiterTest {
  private final Poller client = new Poller("1/5s", 1);

  @Test
  void fifthPollAtOnceIsRejected() {
    for (int i = 0; i < 4; i++) {
      assertThat(client.poll().isAdmitted()).isTrue();
    }
    Admission refused = client.poll();
    assertThat(refused.isAdmitted()).isFalse();
    assertThat(refused.headers())
        .containsEntry("RateLimit-Policy", "\"default\";q=1;w=5")
        .containsEntry("RateLimit", "\"default\";r=0;t=5")
        .containsEntry("Retry-After", "5");
  }

  @Test
  void rejectedPollsDoNotExtendWait() {
    for (int i = 0; i < 100; i++) {
      client.poll();
    }
    client.passes(1_000);
    assertThat(client.poll().headers()).containsEntry("Retry-After", "4");
    client.passes(4_000);
    assertThat(client.poll().isAdmitted()).isTrue();
  }

  @Test
  void headersNeverExceedLimit() {
    Admission first = client.poll();
    assertThat(first.headers())
        .containsEntry("RateLimit", "\"default\";r=1;t=5")
        .doesNotContainKey("Retry-After");
    client.poll();
    client.poll();
    assertThat(client.poll().headers()).containsEntry("RateLimit", "\"default\";r=0;t=5");
  }

  @Test
  void largerQuotaCountsDown() {
    Poller many = new Poller("10/60s", 1);
    for (int i = 0; i < 3; i++) {
      assertThat(many.poll().headers()).containsEntry("RateLimit", "\"default\";r=10;t=60");
    }
    assertThat(many.poll().headers()).containsEntry("RateLimit", "\"default\";r=9;t=6");
    for (int i = 0; i < 9; i++) {
      assertThat(many.poll().isAdmitted()).isTrue();
    }
    assertThat(many.poll().isAdmitted()).isFalse();
  }

  @Test
  void usersAndBatchesHaveSeparateLimits() {
    for (int i = 0; i < 5; i++) {
      client.poll();
    }
    assertThat(client.poll().isAdmitted()).isFalse();
    assertThat(client.poll("another", "batch").isAdmitted()).isTrue();
    assertThat(client.poll("user", "another").isAdmitted()).isTrue();
    assertThat(client.poll("use", "rbatch").isAdmitted()).isTrue();
  }

  @Test
  void oldestKeyIsEvicted() {
    exhaust("oldest");
    exhaust("newer");
    for (int i = 2; i <= LocalRateLimiter.MOST_KEYS; i++) {
      client.poll("user", "b" + i);
    }
    assertThat(client.poll("user", "newer").isAdmitted()).isFalse();
    assertThat(client.poll("user", "oldest").isAdmitted()).isTrue();
  }

  private void exhaust(String address) {
    while (client.poll("user", address).isAdmitted()) {}
  }

  @Test
  void concurrentPollsPassUpToLimit() throws Exception {
    LocalRateLimiter limiter = new LocalRateLimiter(RateLimit.parse("1/5s").orElseThrow(), () -> 0);
    Callable<Boolean> poll = () -> limiter.admit("user", "batch").orElseThrow().isAdmitted();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long admitted = 0;
      for (var answer : threads.invokeAll(Collections.nCopies(500, poll))) {
        admitted += answer.get() ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(4);
    }
  }
}
