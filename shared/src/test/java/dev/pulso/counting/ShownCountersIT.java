package dev.pulso.counting;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.batch.Batch;
import dev.pulso.batch.BatchAddress;
import dev.pulso.batch.Batches;
import dev.pulso.batch.Counters;
import dev.pulso.batch.JobStatus;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Recounts;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShownCountersIT {
  private static final JobGroup GROUP = JobGroup.of("b");

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final Recounts recounts = new Recounts(fixture.db());

  /** The ways of counting, and jobs that make Pulso choose each. */
  private enum Way {
    SMALL(0),
    LARGE(1_200),
    SEVERAL(0);

    private final int more;

    Way(int more) {
      this.more = more;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStatusCountsOnce(Way way) {
    List<Document> jobs = new ArrayList<>();
    for (String status : JobStatus.ALL) {
      jobs.addAll(jobs(1 + JobStatus.ALL.indexOf(status), "b", status));
    }
    Counters counters = recounted(way, jobs).counters();
    assertThat(counters.pending()).isEqualTo(1);
    assertThat(counters.scheduled()).isEqualTo(2);
    assertThat(counters.inProgress()).isEqualTo(3);
    assertThat(counters.completed()).isEqualTo(4 + 5 + way.more);
    assertThat(counters.failed()).isEqualTo(6);
    assertThat(counters.suspended()).isEqualTo(7);
    assertThat(counters.cancelled()).isEqualTo(8);
    assertThat(counters.total()).isEqualTo(36 + way.more);
    assertThat(recounts.recounter().counters(GROUP)).contains(counters);
  }

  @ParameterizedTest
  @EnumSource
  void lastActivityIsLatestTimeOfJobs(Way way) {
    Instant latest = LONG_AGO.plusSeconds(7_200);
    Batch batch =
        recounted(
            way,
            List.of(
                updated(latest.minusMillis(1)),
                job("b", "pending").append("created_at", Date.from(latest)),
                job("b", "pending").append("created_at", "today").append("updated_at", "now")));
    assertThat(batch.lastActivityAt()).contains(latest);
  }

  @ParameterizedTest
  @EnumSource
  void lastActivityIsNeverLaterThanCount(Way way) {
    Instant ahead = fixture.db().now().plusSeconds(60);
    Batch batch = recounted(way, List.of(updated(ahead)));
    assertThat(batch.lastActivityAt()).contains(takenAt());
  }

  @ParameterizedTest
  @EnumSource
  void damagedTimeIsNoActivity(Way way) {
    Instant damaged = fixture.db().now().plusSeconds(100_000);
    Batch batch = recounted(way, List.of(updated(damaged), updated(LONG_AGO.plusMillis(1))));
    assertThat(batch.lastActivityAt()).contains(LONG_AGO.plusMillis(1));
  }

  @Test
  void jobsWithoutTimesShowNoActivity() {
    fixture.batches(batch("b"));
    fixture.jobs(List.of(new Document("batch_id", "b").append("status", "pending")));
    recounts.recount("b");
    assertThat(read().isCounted()).isTrue();
    assertThat(read().lastActivityAt()).isEmpty();
  }

  @Test
  void oldCountersAreShownAndRebuilt() {
    Document figures =
        new Document("token", 1L)
            .append("taken_at", Date.from(LONG_AGO))
            .append("total", 10L)
            .append("pending", 2L)
            .append("completed", 3L)
            .append("cancelled", 1L)
            .append("open", 6L);
    fixture.batches(batch("b").append("pulso", new Document("figures", figures)));
    fixture.jobs(jobs(4, "b", "scheduled"));
    Batch old = read();
    assertThat(old.counters().scheduled()).isZero();
    assertThat(old.counters().inProgress()).isEqualTo(4);
    assertThat(old.counters().cancelled()).isEqualTo(1);
    assertThat(old.lastActivityAt()).isEmpty();
    recounts.recount("b");
    assertThat(read().counters().scheduled()).isEqualTo(4);
    assertThat(read().lastActivityAt()).contains(LONG_AGO);
  }

  private static Document updated(Instant at) {
    return job("b", "in_progress").append("updated_at", Date.from(at));
  }

  private Batch recounted(Way way, List<Document> jobs) {
    fixture.batches(batch("b"), batch("other"));
    fixture.jobs(jobs);
    fixture.jobs(jobs(1, "other", "pending"));
    if (way.more > 0) {
      fixture.jobs(jobs(way.more, "b", "done"));
    }
    if (way == Way.SEVERAL) {
      recounts.recountAll(Set.of(GROUP, JobGroup.of("other")));
    } else {
      recounts.recount("b");
    }
    return read();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private Instant takenAt() {
    return fixture
        .db()
        .counterSnapshots()
        .find(new Document("_id", GROUP.key()))
        .first()
        .getDate("taken_at")
        .toInstant();
  }

  private Batch read() {
    return new Batches(fixture.db()).find(Accounts.ALL, new BatchAddress("b")).orElseThrow();
  }
}
