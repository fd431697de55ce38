package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Nothing has to keep two runs of upkeep apart. */
class RunsAtOnceIT {
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final int ROUNDS = 2;
  private static final int BATCHES = 6;
  private static final int JOBS_EACH = 12;

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void runsAtOnceDoEachPieceOnce() throws Exception {
    try (Pulso other = fixture.another();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        work(round);
        Future<UpkeepReport> one = threads.submit(() -> fixture.pulso().runUpkeep(RUN));
        Future<UpkeepReport> two = threads.submit(() -> other.runUpkeep(RUN));
        assertThat(one.get().failedSteps()).isEmpty();
        assertThat(two.get().failedSteps()).isEmpty();
      }
    }
    fixture.upkeepUntil(
        () ->
            isNoneOpen()
                && sums().equals(List.of(count("pending"), count("done"), count("failed"))));
    assertThat(count("pending")).isEqualTo(ROUNDS * BATCHES);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < BATCHES; i++) {
        isCancelledOnce(name(round, i));
      }
    }
  }

  /**
   * Cancels without time for the jobs, an audit entry that is not delivered, and uncounted jobs.
   */
  private void work(int round) {
    for (int i = 0; i < BATCHES; i++) {
      String name = name(round, i);
      fixture.batches(batch(name));
      fixture.jobs(jobs(JOBS_EACH, name, "pending"));
      fixture.jobs(jobs(2, name, "done"));
      fixture
          .pulso()
          .services()
          .cancel()
          .cancel(
              Caller.ANONYMOUS,
              new BatchAddress(name),
              Optional.of("basta"),
              Origin.NONE,
              Deadline.in(Duration.ZERO));
      fixture.batches(batch("open-" + name));
      fixture.jobs(List.of(job("open-" + name, "pending").append("updated_at", new Date())));
    }
    fixture.jobs(List.of(job(null, "failed").append("updated_at", new Date())));
  }

  private static String name(int round, int batch) {
    return "b-" + round + "-" + batch;
  }

  private void isCancelledOnce(String name) {
    Document stored = fixture.stored(name);
    assertThat(stored)
        .as(name)
        .containsEntry("pending_jobs", 0L)
        .containsEntry("completed_jobs", 2L);
    assertThat(stored.getEmbedded(List.of("pulso", "cancel"), Document.class))
        .as(name)
        .containsEntry("cancelled_jobs", (long) JOBS_EACH)
        .doesNotContainKey("open");
    assertThat(fixture.db().auditLog().countDocuments(new Document("batch_id", name))).isOne();
  }

  private boolean isNoneOpen() {
    return fixture.db().batches().countDocuments(new Document("pulso.cancel.open", true)) == 0;
  }

  private List<Long> sums() {
    Overview overview = fixture.pulso().services().overview().overview(View.ALL, Deadline.in(RUN));
    return List.of(
        overview.jobs().pending(), overview.jobs().completed(), overview.jobs().failed());
  }

  private long count(String status) {
    return fixture.db().jobs().countDocuments(new Document("status", status));
  }
}
