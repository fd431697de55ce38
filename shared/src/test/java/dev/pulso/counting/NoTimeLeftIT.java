package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when an installation is too large to be looked over in the time that there is. */
class NoTimeLeftIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @BeforeEach
  void fill() {
    fixture.batches(batch("b"));
    fixture.jobs(jobs(3, "b", "pending"));
  }

  @Test
  void overviewIsAnsweredAndSaysThatCountingIsNotDone() {
    for (int ms = 0; ms < 12; ms += 3) {
      Overview overview = overview(Duration.ofMillis(ms));
      assertThat(overview.isComplete()).isEqualTo(overview.jobs().pending() == 3);
    }
    awaitPending();
  }

  @Test
  void upkeepWhoseTimeIsOverLeavesCountingToTheNext() {
    assertThat(fixture.pulso().runUpkeep(Duration.ZERO).groupsRecounted()).isZero();
    // On a busy server, a run may leave them to the next one, too.
    Eventually.answer(
        Duration.ofSeconds(60),
        () -> fixture.pulso().runUpkeep(Duration.ofSeconds(10)),
        report -> report.groupsRecounted() > 0 && report.groupsUncounted() == 0);
    awaitPending();
  }

  private void awaitPending() {
    Eventually.answer(
        Duration.ofSeconds(30),
        () -> overview(Duration.ofSeconds(10)).jobs().pending(),
        pending -> pending == 3);
  }

  private Overview overview(Duration time) {
    return fixture.pulso().services().overview().overview(View.ALL, Deadline.in(time));
  }
}
