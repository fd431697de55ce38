package dev.pulso.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.ServerErrors;
import dev.pulso.observe.Metric;
import dev.pulso.observe.Observation;
import dev.pulso.time.Deadline;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which runs count: the alarm "Push silent" watches them. */
class PushRunsIT {
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Time for several runs: on a busy machine, one may do nothing. */
  private static final Duration LONG = Duration.ofMinutes(1);

  @AutoClose private final PushWorld world = new PushWorld();

  @Test
  void aRunWithoutClientsCounts() {
    Eventually.answer(LONG, this::countedRuns, BigDecimal.ONE::equals);
  }

  @Test
  void aRunThatDeliversCounts() {
    connect();
    assertThat(Eventually.answer(LONG, this::countedRuns, any -> !world.clients.of("c1").isEmpty()))
        .isOne();
  }

  @Test
  void aRunThatSomeRefuseCounts() {
    connect();
    AtomicInteger asked = new AtomicInteger();
    world.clients.refuseWhen(() -> asked.getAndIncrement() == 0);
    Callable<BigDecimal> refusedOnce =
        () -> {
          asked.set(0);
          return countedRuns();
        };
    assertThat(Eventually.answer(LONG, refusedOnce, any -> asked.get() > 1)).isOne();
  }

  @Test
  void aRunThatAllRefuseDoesNotCount() {
    connect();
    world.clients.refuseWhen(() -> true);
    assertThat(countedRuns()).isZero();
  }

  @Test
  void aRunThatWaitedForAnotherDoesNotCount() {
    Callable<Optional<BigDecimal>> waited =
        () -> {
          PushLease other =
              PushLease.await(world.fixture.db(), "", Deadline.in(LONG)).orElseThrow();
          BigDecimal counted = countedRuns();
          // A lease that ends during the run is free for it.
          return Optional.of(counted).filter(any -> other.isHeld());
        };
    assertThat(Eventually.answer(LONG, waited, Optional::isPresent).orElseThrow()).isZero();
  }

  /** As without the right to read connections. */
  @Test
  void aRunWhoseTicksFailDoesNotCount() {
    world.fixture.settingsForAnotherProcess();
    world.fixture.db().connections().drop();
    Document number = new Document("$toInt", "$_id");
    Document failing = new Document("revision", number).append("expires_at", number);
    world
        .fixture
        .db()
        .database()
        .createView(
            "pulso_connections", "pulso_progress", List.of(new Document("$addFields", failing)));
    PushReport report = Eventually.answer(LONG, this::run, run -> run.failures() > 0);
    assertThat(counted(report)).isZero();
  }

  private void connect() {
    world.upload("b1", 3);
    world.connect("c1");
    world.subscribe("c1", "b1");
  }

  private BigDecimal countedRuns() {
    return counted(run());
  }

  private PushReport run() {
    Pusher pusher = world.fixture.pulso().services().pusher();
    Supplier<Optional<PushReport>> once =
        () -> Optional.of(pusher.run(world.clients, Deadline.in(SHORT)));
    // To a run that waits for its lease until its end, a busy server is away.
    return Eventually.answer(
            LONG, () -> ServerErrors.inTime(once, Optional.empty()), Optional::isPresent)
        .orElseThrow();
  }

  private static BigDecimal counted(PushReport report) {
    return report.measured(Observation.current()).figures().get(Metric.PUSH_RUNS);
  }
}
