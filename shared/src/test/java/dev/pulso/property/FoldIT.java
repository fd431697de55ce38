package dev.pulso.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pulso.Pulso;
import dev.pulso.fixture.Builders;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.property.Fate.Moment;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Overviews equal the sum of all snapshots, after any recounts, cancels and folds, and any deaths
 * in between.
 */
class FoldIT {
  private static final long SEED = 20_251_126;
  private static final int STEPS = 60;
  private static final List<String> STATUSES = List.of("pending", "done", "failed");

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final World world = new World(fixture);
  private final Random random = new Random(SEED);

  @Test
  void overviewEqualsSumOfSnapshots() {
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    int deaths = 0;
    for (int step = 0; step < STEPS; step++) {
      change();
      world.letTimePass();
      Consumer<Pulso> work = work();
      MortalProcess process = new MortalProcess(fixture, fate());
      process.live(work);
      deaths += process.isDead() ? 1 : 0;
      isSumOfSnapshots("seed %d, step %d".formatted(SEED, step));
    }
    assertThat(deaths).as("processes that died").isGreaterThan(STEPS / 4);
    // On a busy machine, a run may leave work to the next one.
    fixture.upkeepUntil(
        () -> {
          world.letTimePass();
          return sums().getFirst() == jobs("pending") && counting().get("redo") == null;
        });
    isSumOfSnapshots("in the end");
    Document stored = counting();
    fixture
        .db()
        .progress()
        .updateOne(new Document("_id", "counting"), Document.parse("{$unset: {checked_at: 1}}"));
    world.letTimePass();
    fixture.pulso().runUpkeep(Duration.ofSeconds(20));
    assertThat(counting().get("totals"))
        .as("totals are those that are summed anew")
        .isEqualTo(stored.get("totals"));
  }

  private long jobs(String status) {
    return fixture.db().jobs().countDocuments(new Document("status", status));
  }

  private Document counting() {
    return fixture.db().progress().find(new Document("_id", "counting")).first();
  }

  private void change() {
    String batch = List.of("a", "b", "c").get(random.nextInt(3));
    if (random.nextInt(8) == 0) {
      fixture.db().jobs().deleteMany(new Document("batch_id", batch));
      return;
    }
    Document job =
        Builders.job(random.nextInt(6) == 0 ? null : batch, STATUSES.get(random.nextInt(3)))
            .append("account_id", "acc-" + random.nextInt(3))
            .append("updated_at", new Date());
    fixture.jobs(List.of(job));
  }

  private Consumer<Pulso> work() {
    String batch = World.BATCHES.get(random.nextInt(2));
    return switch (random.nextInt(4)) {
      case 0 -> new Deed.Cancel(batch, Optional.empty()).work();
      case 1 -> new Deed.Poll(batch).work();
      default -> new Deed.Upkeep().work();
    };
  }

  private Fate fate() {
    return random.nextInt(4) == 0
        ? Fate.NONE
        : new Fate(1 + random.nextInt(40), random.nextBoolean() ? Moment.BEFORE : Moment.AFTER);
  }

  private void isSumOfSnapshots(String when) {
    // As in a large installation: overviews only read stored counters.
    fixture
        .db()
        .progress()
        .updateOne(
            new Document("_id", "counting"),
            List.of(
                new Document(
                    "$set",
                    new Document("looks.UTC.cost_ms", 10_000L)
                        .append("looks.UTC.looked_at", "$$NOW")
                        .append(
                            "looks.UTC.due_at",
                            new Document("$add", List.of("$$NOW", 3_600_000L))))));
    // An overview recounts open cancels, and on a busy server what it stores lands late.
    Eventually.isTrue(
        Duration.ofMinutes(1),
        () -> {
          List<Long> sums = sums();
          Overview.Jobs jobs =
              fixture
                  .pulso()
                  .services()
                  .overview()
                  .overview(View.ALL, Deadline.in(Duration.ofSeconds(20)))
                  .jobs();
          boolean isCalm = sums.equals(sums());
          if (isCalm) {
            assertThat(List.of(jobs.pending(), jobs.completed(), jobs.failed()))
                .as(when)
                .isEqualTo(sums);
          }
          return isCalm;
        });
  }

  /** Returns how many jobs are pending, completed and failed, as one read of the snapshots says. */
  private List<Long> sums() {
    List<Document> accounts =
        fixture.db().counterSnapshots().find().into(new ArrayList<>()).stream()
            .flatMap(snapshot -> snapshot.getList("accounts", Document.class, List.of()).stream())
            .toList();
    return Stream.of("pending", "completed", "failed")
        .map(field -> accounts.stream().mapToLong(account -> account.getLong(field)).sum())
        .toList();
  }
}
