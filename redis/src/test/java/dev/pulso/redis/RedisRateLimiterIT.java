package dev.pulso.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Admission;
import dev.pulso.access.RateLimiter;
import dev.pulso.fixture.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

class RedisRateLimiterIT {
  private static final int AT_ONCE = 4;

  private final TestRedis redis = new TestRedis();
  private final RedisSharing one = redis.process(Map.of("STATUS_RATE_LIMIT", "1/500s"));
  private final RedisSharing other = redis.process(Map.of("STATUS_RATE_LIMIT", "1/500s"));

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void processesCountTogether() {
    for (int i = 0; i < AT_ONCE; i++) {
      assertThat(poll(i % 2 == 0 ? one : other, "batch").isAdmitted()).isTrue();
    }
    assertThat(poll(one, "batch").isAdmitted()).isFalse();
    Admission refused = poll(other, "batch");
    assertThat(refused.headers())
        .containsEntry("RateLimit-Policy", "\"default\";q=1;w=500")
        .hasEntrySatisfying(
            "Retry-After", seconds -> assertThat(Integer.parseInt(seconds)).isBetween(400, 450));
    assertThat(poll(one, "another").isAdmitted()).isTrue();
    assertThat(limiter(one).admit("bob", "batch").orElseThrow().isAdmitted()).isTrue();
  }

  @Test
  void concurrentPollsPassUpToLimit() throws Exception {
    List<Callable<Boolean>> polls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RedisSharing process = i % 2 == 0 ? one : other;
      polls.add(() -> poll(process, "batch").isAdmitted());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
      long admitted = 0;
      for (var answer : threads.invokeAll(polls)) {
        admitted += answer.get() ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(AT_ONCE);
    }
  }

  @Test
  void pollAfterRetryAfterIsAdmitted() {
    try (RedisSharing quick = redis.process(Map.of("STATUS_RATE_LIMIT", "1/1s"))) {
      Admission last = poll(quick, "batch");
      while (last.isAdmitted()) {
        last = poll(quick, "batch");
      }
      long toldAt = System.nanoTime() + last.untilMore().toNanos();
      for (long left = toldAt - System.nanoTime(); left > 0; left = toldAt - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      assertThat(poll(quick, "batch").isAdmitted()).isTrue();
    }
  }

  @Test
  void keysExpire() {
    poll(one, "batch");
    String key = redis.keys().polls("ana", "batch");
    assertThat((Long) TestRedis.raw(Command.PTTL, key)).isBetween(1L, 450_000L);
    LongStream.range(0, 10).forEach(i -> poll(one, "batch"));
    assertThat((Long) TestRedis.raw(Command.PTTL, key)).isBetween(1L, 4 * 450_000L);
  }

  @Test
  void clockSetBackBlocksBriefly() {
    String key = redis.keys().polls("ana", "batch");
    TestRedis.raw(Command.SET, key, Long.toString(System.currentTimeMillis() * 2_000));
    Admission refused = poll(one, "batch");
    assertThat(refused.isAdmitted()).isFalse();
    assertThat(refused.untilMore().toSeconds()).isLessThanOrEqualTo(450);
  }

  @Test
  void closedOneHasNoConnectionLeft() {
    TestRedis.raw(Command.ACL, "SETUSER", "closes", "on", ">secret", "~*", "+@all");
    String url = TestRedis.server().url().replace("//", "//closes:secret@");
    RedisSharing process = RedisSharing.open(redis.settings(url, Map.of()), TestRedis.PATIENCE);
    assertThat(poll(process, "batch").isAdmitted()).isTrue();
    assertThat(clients()).contains("user=closes");
    process.close();
    // The server notices that on its own.
    Eventually.isTrue(TestRedis.PATIENCE, () -> !clients().contains("user=closes"));
  }

  private static String clients() {
    return TestRedis.raw(Command.CLIENT, "LIST").toString();
  }

  private static Admission poll(RedisSharing process, String address) {
    return limiter(process).admit("ana", address).orElseThrow();
  }

  private static RateLimiter limiter(RedisSharing process) {
    return process.pollLimiter().orElseThrow();
  }
}
