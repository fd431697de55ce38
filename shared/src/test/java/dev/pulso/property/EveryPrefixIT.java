package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.operations.BatchAction;
import dev.pulso.property.Fate.Moment;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A process dies at each of its database calls, before or after the server executes it. Other
 * processes continue, and in the end all invariants hold.
 */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class EveryPrefixIT {
  private static final Optional<String> FIRST = Optional.of("detención");
  private static final Optional<String> NONE = Optional.empty();
  private static final Optional<String> SECOND = Optional.of("too late");

  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int TRIES = 3;

  /** Whether each call of upkeep is struck: bench/prefixes has the time for it. */
  private static final boolean IS_WHOLE = Boolean.getBoolean("pulso.prefixes.whole");

  private final PulsoFixture fixture = PulsoFixture.open();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyPrefixOfCancelIsAtomic() {
    int calls = everyDeath(40, 40, world -> {}, new Deed.Cancel("a", FIRST), Moment.AFTER);
    assertThat(calls).as("calls of a cancel").isGreaterThanOrEqualTo(8);
  }

  @Test
  void everyPrefixOfHalvedCancelIsAtomic() {
    // The halves run concurrently, so before one call is not the same as after another.
    int calls = everyDeath(60, 5_000, world -> {}, new Deed.Cancel("a", FIRST), Moment.values());
    assertThat(calls).as("calls of a cancel in halves").isGreaterThanOrEqualTo(9);
  }

  @Test
  void prefixesOfUpkeepAreResumed() {
    deathsOfUpkeep(40, 6, EveryPrefixIT::cutOff);
  }

  @Test
  void everyPrefixOfPauseIsAtomic() {
    everyDeath(3, 3, world -> {}, new Deed.Pause("a", false), Moment.AFTER);
    try (var entries = fixture.db().auditLog().find(new Document("batch_id", "a")).cursor()) {
      assertThat(entries.next().getString("action")).isEqualTo("batch.paused");
    }
  }

  @Test
  void everyPrefixOfOperationIsCarriedThrough() {
    Deed.Operate cancel = new Deed.Operate(BatchAction.CANCEL, FIRST);
    int calls = everyDeath(12, 12, EveryPrefixIT::counted, cancel, Moment.AFTER);
    assertThat(calls).as("calls of an operation").isGreaterThanOrEqualTo(15);
  }

  @Test
  void everyPrefixOfPausingManyIsCarriedThrough() {
    everyDeath(3, 3, world -> {}, new Deed.Operate(BatchAction.PAUSE, NONE), Moment.AFTER);
  }

  @Test
  void prefixesOfUpkeepResumeOperation() {
    deathsOfUpkeep(12, 9, EveryPrefixIT::stored);
  }

  /**
   * A run makes more than a hundred calls, each of which costs a second here: a build strikes each
   * {@code step}th.
   */
  private void deathsOfUpkeep(int jobs, int step, Consumer<World> prologue) {
    int calls = deaths(IS_WHOLE ? 1 : step, jobs, jobs, prologue, new Deed.Upkeep(), Moment.AFTER);
    assertThat(calls).as("calls of upkeep").isGreaterThanOrEqualTo(30);
  }

  @Test
  void everyPrefixOfFirstPollIsTakenOver() {
    everyDeath(40, 40, world -> {}, new Deed.Poll("a"), Moment.AFTER);
  }

  /** Cancels of counted batches are completed together. */
  private static void counted(World world) {
    world.act(new Deed.Upkeep().work());
    world.letTimePass();
  }

  /** An operation whose process died right after it was stored. */
  private static void stored(World world) {
    counted(world);
    Consumer<Pulso> cancel = new Deed.Operate(BatchAction.CANCEL, FIRST).work();
    for (int call = 1; world.db().operations().countDocuments() == 0; call++) {
      world.act(new Fate(call, Moment.AFTER), cancel);
    }
    world.letTimePass();
  }

  /** A cancel whose process died right after the marker, a late return, and a marker undone. */
  private static void cutOff(World world) {
    Consumer<Pulso> cancel = new Deed.Cancel("a", FIRST).work();
    for (int call = 1; !world.cancels().containsKey("a"); call++) {
      world.act(new Fate(call, Moment.AFTER), cancel);
    }
    world.act(new Deed.Cancel("b", SECOND).work());
    new Step.Upload("b", List.of("pending"), 0).happen(world);
    new Step.Activate("b").happen(world);
    world.letTimePass();
  }

  /**
   * Returns the number of calls at which the process can die. It varies, because on a busy machine
   * a process polls more often. If calls are sequential, after one call equals before the next, so
   * half of the cases cover all prefixes.
   */
  private int everyDeath(
      int jobs, int believed, Consumer<World> prologue, Deed deed, Moment... moments) {
    return deaths(1, jobs, believed, prologue, deed, moments);
  }

  /** Strikes the first call, and each {@code step}th from there on. */
  private int deaths(
      int step, int jobs, int believed, Consumer<World> prologue, Deed deed, Moment... moments) {
    assertThat(live(jobs, believed, prologue, deed, Fate.NONE, TRIES)).isFalse();
    int call = 1 - step;
    boolean isStruck;
    do {
      call += step;
      isStruck = false;
      for (Moment moment : moments) {
        isStruck |= live(jobs, believed, prologue, deed, new Fate(call, moment), TRIES);
      }
    } while (isStruck);
    assertThat(call - 1).as("calls of %s", deed).isPositive();
    return call - 1;
  }

  /** Returns whether the process made that call. */
  private boolean live(
      int jobs, int believed, Consumer<World> prologue, Deed deed, Fate fate, int tries) {
    World world = new World(fixture);
    try {
      populate(world, jobs, believed);
      prologue.accept(world);
      MortalProcess process = world.act(fate, deed.work());
      boolean marked = world.cancels().containsKey("a");
      Document operation = world.db().operations().find().first();
      if (deed instanceof Deed.Cancel cancel) {
        // Right after the death: neither a lock nor a lease that it left blocks others.
        Duration took = cancelAgain(world);
        if (tries > 1 && (took.compareTo(AGAIN) >= 0 || waiting(world) > 0)) {
          // On a busy machine, there may be no time for it: the same fate in a new world.
          return live(jobs, believed, prologue, deed, fate, tries - 1);
        }
        assertThat(took).isLessThan(AGAIN);
        assertThat(world.cancels().get("a"))
            .as("the first reason")
            .isEqualTo(marked ? cancel.reason() : SECOND);
        assertThat(waiting(world)).as("jobs that wait after the second cancel").isZero();
      }
      assertThat(world.settle()).as("batches held against the truth").isEqualTo(2);
      if (operation != null) {
        assertThat(world.db().auditLog().countDocuments())
            .as("audit entries of what was stored")
            .isEqualTo(2);
      }
      return process.isStruck();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(deed + ", and dies " + fate + ": " + e.getMessage(), e);
    }
  }

  /** Returns how long a second cancel takes. */
  private static Duration cancelAgain(World world) {
    AtomicLong nanos = new AtomicLong();
    world.act(
        pulso -> {
          long start = System.nanoTime();
          pulso
              .services()
              .cancel()
              .cancel(
                  Caller.ANONYMOUS,
                  new BatchAddress("a"),
                  SECOND,
                  Origin.NONE,
                  Deadline.in(Duration.ofMillis(2_600)));
          nanos.set(System.nanoTime() - start);
        });
    return Duration.ofNanos(nanos.get());
  }

  private static long waiting(World world) {
    Document waiting = new Document("$in", List.of("pending", "scheduled"));
    return world
        .db()
        .jobs()
        .countDocuments(new Document("batch_id", "a").append("status", waiting));
  }

  private static void populate(World world, int waiting, int believed) {
    List<Document> jobs = new ArrayList<>();
    for (String status : List.of("in_progress", "done", "failed", "suspended", "scheduled")) {
      jobs.add(Builders.job("a", status).append("_id", world.nextJobId()));
    }
    while (jobs.size() < waiting) {
      jobs.add(Builders.job("a", "pending").append("_id", world.nextJobId()));
    }
    Date now = new Date();
    jobs.forEach(job -> job.append("created_at", now).append("payload", new Document("n", 1)));
    world.db().jobs().insertMany(jobs);
    world
        .db()
        .batches()
        .updateOne(
            new Document("batch_id", "a"),
            new Document("$set", new Document("pending_jobs", believed)));
  }
}
