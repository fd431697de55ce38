package dev.pulso.upkeep;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.job;
import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.config.Settings;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.fixture.Unhurried;
import dev.pulso.mongo.LiveDb;
import dev.pulso.observe.MetricLines;
import dev.pulso.observe.Observer;
import dev.pulso.observe.Tracer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A failing step or document does not stop the others. */
class StepsIT {
  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();

  @Test
  void oddBatchIdsStopNothing() {
    Document odd = cancelled("x");
    fixture.batches(odd.append("batch_id", List.of("x")), cancelled("late"), batch("b"));
    fixture.jobs(
        List.of(
            job("x", "pending"),
            job(null, "pending").append("batch_id", List.of("x")),
            job(null, "done").append("batch_id", Arrays.asList("late", null)),
            job(null, "pending").append("batch_id", Arrays.asList("late", null))));
    fixture.jobs(jobs(2, "late", "pending"));
    fixture.jobs(jobs(3, "b", "pending"));
    assertThat(fixture.upkeepUntil(UpkeepReport::batchesSwept, 1))
        .allSatisfy(report -> assertThat(report.failedSteps()).isEmpty())
        .anySatisfy(report -> assertThat(report.groupsRecounted()).isPositive());
    assertThat(fixture.waiting("late")).isZero();
    assertThat(fixture.waiting("x")).isEqualTo(2);
  }

  @Test
  void refusedJobFailsItsStepAlone() {
    fixture.batches(cancelled("refused"), open("refused-open"), cancelled("late"), open("open"));
    for (String id : List.of("refused", "refused-open", "late", "open")) {
      fixture.jobs(jobs(2, id, "pending"));
    }
    fixture
        .db()
        .database()
        .runCommand(
            new Document("collMod", "jobs")
                .append(
                    "validator",
                    Document.parse(
                        "{$nor: [{batch_id: {$in: ['refused', 'refused-open']}, status:"
                            + " 'cancelled'}]}")));
    List<String> lines = new ArrayList<>();
    Observer observer = new Observer(new MetricLines("test", "r1", lines::add), Tracer.OFF);
    Settings settings = fixture.settingsForAnotherProcess();
    LiveDb database = LiveDb.of(settings, Unhurried::unhurried);
    try (Pulso pulso =
        Pulso.open(Pulso.Options.of(settings).withDatabase(database).withObserver(observer))) {
      ToIntFunction<UpkeepReport> done = report -> report.cancelsFinished() + report.batchesSwept();
      List<UpkeepReport> reports = PulsoFixture.upkeepUntil(pulso, done, 2);
      assertThat(reports)
          .allSatisfy(
              report ->
                  assertThat(report.failedSteps()).containsExactly("open cancels", "late returns"))
          .anySatisfy(report -> assertThat(report.groupsRecounted()).isPositive());
      assertThat(reports.stream().mapToInt(UpkeepReport::batchesSwept).sum()).isEqualTo(1);
      assertThat(reports.getLast().cancelsOpen()).isEqualTo(1);
    }
    assertThat(fixture.waiting("late") + fixture.waiting("open")).isZero();
    assertThat(fixture.waiting("refused") + fixture.waiting("refused-open")).isEqualTo(4);
    assertThat(lines)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("\"upkeep_step_failures\":2"));
  }

  private static Document cancelled(String id) {
    return batch(id).append("is_active", false).append("cancelled_at", new Date());
  }

  private static Document open(String id) {
    return cancelled(id).append("pulso", Document.parse("{cancel: {open: true}}"));
  }
}
