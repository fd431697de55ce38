package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.local.database.RedisServer;
import dev.pulso.local.database.RedisUnavailableException;
import dev.pulso.local.database.Relay;
import dev.pulso.redis.RedisSharing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes over one database and one Redis share limits and overviews. */
class SharedByProcessesIT {
  /** Long enough that a busy machine does not look like an outage of Redis. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final AtomicInteger looks = new AtomicInteger();
  private Relay redis;
  private ContractDatabase database;
  private Pulso one;
  private Pulso other;

  @BeforeEach
  void open() throws IOException {
    redis = Relay.to(server());
    database =
        ContractDatabase.open(
            Map.of(
                "OVERVIEW_CACHE_SECONDS", "600", "REDIS_URL", "redis://127.0.0.1:" + redis.port()));
    one = process();
    other = process();
    database.batch(batch("b"));
    database.batch(batch("other").append("account_id", "other"));
    database.jobs(jobs(3, "b", "pending"));
  }

  @AfterEach
  void close() throws IOException {
    if (database != null) {
      one.close();
      other.close();
      database.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void cancelShowsInOtherProcessAtOnce() {
    new Api(one).completeOverview();
    for (Pulso process : List.of(one, other)) {
      assertThat(active(new Api(process).overview())).isEqualTo(2);
      assertThat(active(new Api(process).overview("acc-chile-001"))).isEqualTo(1);
      assertThat(active(new Api(process).overview("other"))).isEqualTo(1);
    }
    database.batch(batch("unseen").append("account_id", "other"));
    new Api(one).cancel("b").ok();
    assertThat(active(new Api(other).overview())).isEqualTo(2);
    assertThat(active(new Api(other).overview("acc-chile-001"))).isZero();
    assertThat(active(new Api(other).overview("other"))).as("served again").isEqualTo(1);
  }

  @Test
  void pauseAndResumeShowInOtherProcess() {
    assertThat(active(new Api(other).completeOverview())).isEqualTo(2);
    new Api(one).pause("b").ok();
    assertThat(active(new Api(other).overview())).isEqualTo(1);
    new Api(one).resume("b").ok();
    assertThat(active(new Api(other).overview())).isEqualTo(2);
  }

  @Test
  void hundredCallersShareFewReads() {
    // A process without Redis counts all before: nobody keeps an incomplete first count.
    database.api().completeOverview();
    new Api(one).status("b").ok();
    new Api(other).status("b").ok();
    // One process computes, or also the others if that takes too long, as on a busy machine; an
    // incomplete overview is computed again. Each computation reads twice if a refresh was due.
    assertThat(
            Stream.of("", "account_id=acc-chile-001", "account_id=other")
                .mapToInt(this::looksOfHundred)
                .anyMatch(few -> few <= 20))
        .as("a hundred asked")
        .isTrue();
  }

  /** Returns how often a hundred callers at once have the figures of a view read. */
  private int looksOfHundred(String query) {
    looks.set(0);
    List<Future<Reply>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(100)) {
      for (int i = 0; i < 100; i++) {
        Api api = new Api(i % 2 == 0 ? one : other);
        answers.add(threads.submit(() -> api.overviewWithQuery(query)));
      }
    }
    Set<String> bodies = new HashSet<>();
    for (Future<Reply> answer : answers) {
      bodies.add(answer.resultNow().ok().body().replaceFirst("\"timestamp\":\"[^\"]*\",", ""));
    }
    assertThat(bodies).hasSize(1);
    assertThat(looks).hasPositiveValue();
    return looks.get();
  }

  @Test
  void redisOutageFailsNoRequest() {
    String before = new Api(one).completeOverview().ok().body();
    redis.cut(false);
    assertThat(new Api(one).overview().ok().body()).isEqualTo(before);
    new Api(one).cancel("b").ok();
    assertThat(active(new Api(one).overview())).isEqualTo(1);
  }

  private Pulso process() {
    return database.sharing(
        settings -> RedisSharing.open(settings, PATIENCE), new Looks(looks::incrementAndGet));
  }

  private static long active(Reply reply) {
    return reply.ok().count("metrics.active_batches");
  }

  /** Returns the server; without one, the test is skipped with a reason. */
  static RedisServer server() {
    try {
      return RedisServer.forTests();
    } catch (RedisUnavailableException e) {
      return Assumptions.abort(e.getMessage());
    }
  }
}
