package dev.pulso.contract;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.fixture.Eventually;
import dev.pulso.local.database.Relay;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cached overviews within one process. */
class OverviewCacheIT {
  /** Cached for longer than any test takes. */
  private final ContractDatabase database =
      ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "600"));

  @BeforeEach
  void fill() {
    database.batch(batch("b"));
    database.batch(batch("other").append("account_id", "other"));
    database.jobs(jobs(3, "b", "pending"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void cachedOverviewIsServedUnchanged() {
    Reply first = database.api().completeOverview().ok();
    assertThat(first.headers())
        .containsEntry("Cache-Control", "private, max-age=25")
        .doesNotContainKeys("Age", "Warning");
    database.jobs(jobs(2, "b", "pending"));
    Reply again = database.api().overview().ok();
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers())
        .containsEntry("ETag", first.headers().get("ETag"))
        .doesNotContainKeys("Age", "Warning");
    assertThat(maxAge(again)).isBetween(0, 25);
  }

  @Test
  void maxAgeIsRemainingFreshness() {
    try (ContractDatabase shortly = ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "25"))) {
      long begun = System.nanoTime();
      Reply first = shortly.api().overview().ok();
      // What computing it took is taken off.
      int seconds = (int) Duration.ofNanos(System.nanoTime() - begun).toSeconds();
      assertThat(maxAge(first)).isBetween(24 - seconds, 24);
      Reply again = first;
      while (maxAge(again) == maxAge(first)) {
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        again = shortly.api().overview().ok();
      }
      assertThat(again.body()).isEqualTo(first.body());
      Call call = Call.to("GET", Api.OVERVIEW).having("If-None-Match", again.headers().get("ETag"));
      Reply unchanged = shortly.api().current(call);
      assertThat(unchanged.status()).isEqualTo(304);
      assertThat(maxAge(unchanged)).isLessThan(maxAge(first));
      assertThat(unchanged.headers().keySet())
          .containsExactlyInAnyOrder("Cache-Control", "ETag", "Pulso-Counting", "Vary");
    }
  }

  @Test
  void withoutCacheClientsMustNotStoreIt() {
    try (ContractDatabase never = ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "0"))) {
      assertThat(maxAge(never.api().overview().ok())).isZero();
    }
  }

  @Test
  void accountsHaveSeparateEntries() {
    database.api().completeOverview();
    for (int round = 0; round < 2; round++) {
      assertThat(database.api().overview().count("metrics.active_batches")).isEqualTo(2);
      assertThat(database.api().overview("other").count("metrics.active_batches")).isEqualTo(1);
      assertThat(database.api().overview("other").count("metrics.pending_jobs")).isZero();
      assertThat(database.api().overview("acc-chile-001").count("metrics.pending_jobs"))
          .isEqualTo(3);
      assertThat(database.api().overview("nobody").count("metrics.active_batches")).isZero();
    }
  }

  @Test
  void cancelShowsAtOnce() {
    assertThat(active(database.api().completeOverview())).isEqualTo(2);
    assertThat(active(database.api().overview("acc-chile-001"))).isEqualTo(1);
    assertThat(active(database.api().overview("other"))).isEqualTo(1);
    database.batch(batch("unseen").append("account_id", "other"));
    database.api().cancel("b").ok();
    assertThat(active(database.api().overview())).isEqualTo(2);
    assertThat(active(database.api().overview("acc-chile-001"))).isZero();
    assertThat(database.api().overview("acc-chile-001").count("metrics.pending_jobs")).isZero();
    assertThat(active(database.api().overview("other"))).as("served again").isEqualTo(1);
  }

  @Test
  void outageServesStaleOverview() throws IOException {
    try (ContractDatabase shortly = ContractDatabase.open(Map.of("OVERVIEW_CACHE_SECONDS", "1"));
        Relay relay = Relay.toMongo();
        Pulso pulso = shortly.another(relay.port(), new Looks(() -> {}))) {
      Api api = new Api(pulso);
      Reply good = api.completeOverview().ok();
      relay.cut(false);
      Reply reply =
          Eventually.answer(
              Duration.ofSeconds(20),
              () -> api.overviewWithQuery("").ok(),
              answer -> answer.headers().containsKey("Warning"));
      assertThat(reply.headers())
          .containsEntry("Warning", "110 - \"Response is Stale\"")
          // A browser would add the Warning to the good answer that it keeps.
          .doesNotContainEntry("ETag", good.headers().get("ETag"));
      assertThat(maxAge(reply)).isZero();
      assertThat(reply.body()).isEqualTo(good.body());
      api.overview("never-asked-for").problem(503, "DATABASE_UNAVAILABLE");
    }
  }

  @Test
  void hundredConcurrentCallersShareOneRead() throws Exception {
    database.api().completeOverview();
    AtomicInteger looks = new AtomicInteger();
    try (Pulso pulso = database.another(new Looks(looks::incrementAndGet))) {
      Api api = new Api(pulso);
      api.status("b").ok();
      List<Future<Reply>> answers = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 100; i++) {
          answers.add(threads.submit(() -> api.overview()));
        }
      }
      Set<String> bodies = new HashSet<>();
      for (Future<Reply> answer : answers) {
        bodies.add(answer.get().ok().body());
      }
      assertThat(bodies).hasSize(1);
      // One caller computes: it reads again after a refresh, and if a fold came between.
      assertThat(looks).hasValueBetween(1, 5);
    }
  }

  private static int maxAge(Reply reply) {
    String value = reply.headers().get("Cache-Control");
    assertThat(value).matches("private, max-age=\\d+");
    return Integer.parseInt(value.replaceFirst(".*=", ""));
  }

  private static long active(Reply reply) {
    return reply.ok().count("metrics.active_batches");
  }
}
