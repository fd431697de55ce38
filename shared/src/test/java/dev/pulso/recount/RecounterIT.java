package dev.pulso.recount;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.call;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static dev.pulso.fixture.Builders.summarised;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.audit.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.status.BatchStatus;
import dev.pulso.time.Deadline;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecounterIT {
  private final PulsoFixture fixture = PulsoFixture.open();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void firstPollCountsEveryStatusAndAddsUpBothShapesOfCalls() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(5, "b", "pending"));
    fixture.jobs(jobs(1, "b", "scheduled"));
    fixture.jobs(
        List.of(
            job("b", "done").append("call_result", call(28.197, 104789)),
            job("b", "completed").append("call_result", summarised(0.1, 60000)),
            job("b", "done")
                .append("call_result", summarised(0.2, null))
                .append("call_duration_seconds", 30),
            job("b", "failed").append("call_result", call(Double.NaN, "long")),
            job("b", "failed").append("call_result", call("12", Decimal128.POSITIVE_INFINITY)),
            job("b", "suspended").append("call_result", call(new Decimal128(7), 1L)),
            job("other", "pending")));
    BatchStatus status = status("b");
    assertThat(status.counters().total()).isEqualTo(12);
    assertThat(status.counters().pending()).isEqualTo(5);
    assertThat(status.counters().completed()).isEqualTo(3);
    assertThat(status.counters().failed()).isEqualTo(2);
    assertThat(status.counters().suspended()).isEqualTo(1);
    assertThat(status.counters().cost()).isEqualTo(new BigDecimal("0.355"));
    assertThat(status.counters().minutes()).isEqualTo(new BigDecimal("3.2465"));
  }

  @Test
  void cancelStopsWhatWaitsAndOverviewKnows() {
    fixture.batches(batch("b"), batch("c"));
    fixture.jobs(jobs(50, "b", "pending"));
    fixture.jobs(jobs(7, "b", "done"));
    fixture.jobs(jobs(3, "c", "pending"));
    fixture.jobs(jobs(2, null, "failed"));
    fixture.jobs(jobs(4, "gone", "done"));
    Overview before = overview();
    assertThat(before.isComplete()).isTrue();
    assertThat(before.jobs()).isEqualTo(new Overview.Jobs(0, 53, 11, 2));
    CancelOutcome outcome =
        fixture
            .pulso()
            .cancel()
            .cancel(
                new BatchAddress("b"),
                Optional.of("Cliente solicitó detención"),
                new Origin(Optional.empty(), Optional.empty(), Optional.empty()),
                Deadline.in(Duration.ofSeconds(20)));
    assertThat(outcome).isInstanceOf(CancelOutcome.Cancelled.class);
    assertThat(fixture.db().jobs().countDocuments(new Document("status", "cancelled")))
        .isEqualTo(50);
    assertThat(status("b").counters().pending()).isZero();
    assertThat(fixture.db().auditLog().countDocuments()).isEqualTo(1);
    System.out.println(fixture.db().batches().find(new Document("batch_id", "b")).first().toJson());
    System.out.println(fixture.pulso().runUpkeep(Duration.ofSeconds(10)));
    assertThat(overview().jobs()).isEqualTo(new Overview.Jobs(0, 3, 11, 2));
    assertThat(overview().batches().active()).isEqualTo(1);
    System.out.println(
        fixture
            .pulso()
            .summary()
            .summary(new BatchAddress("b"), Deadline.in(Duration.ofSeconds(9))));
  }

  private BatchStatus status(String batchId) {
    return fixture
        .pulso()
        .status()
        .status(new BatchAddress(batchId), Deadline.in(Duration.ofSeconds(10)));
  }

  private Overview overview() {
    return fixture
        .pulso()
        .overview()
        .overview(Optional.empty(), Deadline.in(Duration.ofSeconds(10)));
  }
}
