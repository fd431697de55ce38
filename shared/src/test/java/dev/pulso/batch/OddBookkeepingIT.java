package dev.pulso.batch;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.access.Accounts;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.cancel.CancelOutcome;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another program, or a restore, left something else in place of Pulso's own field. */
class OddBookkeepingIT {
  private static final BatchAddress B = new BatchAddress("b");

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  static Stream<Object> odd() {
    Document element = new Document("cancel", new Document("open", false)).append("figures", 1);
    return Stream.of(
        "text",
        5,
        List.of(),
        List.of(element, element),
        List.of("text"),
        new Document("cancel", List.of()),
        new Document("cancel", List.of(element)),
        new Document("cancel", "text"),
        new Document("figures", List.of(element)));
  }

  @ParameterizedTest
  @MethodSource("odd")
  void batchIsCountedPausedAndCancelledOnce(Object odd) {
    fixture.batches(batch("b").append("pulso", odd));
    fixture.jobs(jobs(10, "b", "pending"));

    var services = fixture.pulso().services();
    assertThat(services.status().status(Accounts.ALL, B, soon()).counters().pending())
        .isEqualTo(10);
    // On a busy server, the poll does not wait for its write.
    Eventually.answer(
        Duration.ofSeconds(20),
        () -> BatchFields.countersOf(fixture.stored("b")).get("pending"),
        pending -> Long.valueOf(10).equals(pending));
    services.pause().pause(Caller.ANONYMOUS, B, Origin.NONE);
    CancelOutcome outcome =
        services.cancel().cancel(Caller.ANONYMOUS, B, Optional.of("basta"), Origin.NONE, soon());

    assertThat(outcome).isEqualTo(new CancelOutcome.Cancelled(Optional.of("basta")));
    assertThat(fixture.db().auditLog().distinct("action", String.class))
        .containsExactlyInAnyOrder("batch.paused", "batch.cancelled");
    assertThat(BatchFields.cancelOf(fixture.stored("b"))).isNotEmpty().doesNotContainKey("open");
    assertThat(fixture.stored("b").get("pulso", Document.class)).doesNotContainKey("outbox");
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }
}
