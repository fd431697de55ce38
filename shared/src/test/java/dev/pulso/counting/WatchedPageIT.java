package dev.pulso.counting;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Batch;
import dev.pulso.fixture.Eventually;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WatchedPageIT extends WatchedPageWorld {
  private static final Duration INTERVAL = Recounter.MINIMUM_INTERVAL;

  @Test
  void everyUncountedBatchIsCounted() {
    int requests = countAll(watched);
    assertThat(commands.get("aggregate jobs")).isBetween(2, 2 * requests);
  }

  @Test
  void slowLeaseLeavesNoneUncounted() {
    CommandListener slow =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (event.getCommandName().equals("findAndModify")) {
              LockSupport.parkNanos(Duration.ofMillis(400).toNanos());
            }
          }
        };
    try (Pulso busy = fixture.another(slow)) {
      Recounter recounter = new Recounter(busy.db(), ZoneOffset.UTC, new JobIndexes(busy.db()));
      countAll(new WatchedPage(recounter, Batch::isActive));
    }
  }

  @Test
  void slowCountersOfUncountedBatchAreAwaited() {
    try (Pulso busy = fixture.anotherWithUpdatesOf(Duration.ofMillis(300))) {
      Recounter recounter = new Recounter(busy.db(), ZoneOffset.UTC, new JobIndexes(busy.db()));
      WatchedPage slow = new WatchedPage(recounter, Batch::isActive);
      Queue<Batch> uncounted = new ArrayDeque<>(page());
      Eventually.isTrue(
          Duration.ofSeconds(60), () -> slow.recount(List.of(uncounted.remove()), soon()));
    }
  }

  @Test
  void dueActiveBatchesAreRecounted() {
    countedBefore(Duration.ofMinutes(1));
    assertFreshSoon(Set.of());
  }

  /** So a page that is asked for every five seconds is at most ten seconds behind. */
  @Test
  void countersOfFiveSecondsAreDue() {
    countedBefore(Duration.ofSeconds(5));
    List<Batch> page = page();
    Eventually.isTrue(Duration.ofSeconds(20), () -> watched.recount(page, soon()));
  }

  @Test
  void fiftyAtOnceRecountOnce() throws Exception {
    countedBefore(Duration.ofMinutes(1));
    List<Batch> page = page();
    commands.clear();
    List<Callable<Boolean>> watchers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      watchers.add(() -> watched.recount(page, soon()));
    }
    Deadline patience = soon();
    long start = System.nanoTime();
    int rounds = 0;
    int recounted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(watchers.size())) {
      for (; recounted == 0 && !patience.passed(); rounds++) {
        for (Future<Boolean> watcher : threads.invokeAll(watchers)) {
          recounted += watcher.get() ? 1 : 0;
        }
      }
    }
    // On a busy server, a lease or a write may come too late. Counters are due again after 4 s.
    int turns = rounds + (int) Duration.ofNanos(System.nanoTime() - start).dividedBy(INTERVAL);
    assertThat(recounted).isBetween(1, turns);
    // On a busy server, each is written alone afterwards, and each lease given back.
    assertThat(commands)
        .satisfies(sent -> assertThat(sent.get("update many batches")).isBetween(1, turns))
        .satisfies(
            sent -> assertThat(sent.get("update many pulso_tallies")).isBetween(1, 2 * turns))
        .satisfies(sent -> assertThat(sent.get("aggregate jobs")).isLessThanOrEqualTo(2 * turns))
        .satisfies(sent -> assertThat(sent.get("find pulso_tallies")).isLessThanOrEqualTo(turns));
  }

  @Test
  void youngCountersAreShownAsTheyAre() {
    countedBefore(Duration.ZERO);
    // On a busy machine, they may be due again by the time they are read.
    List<Batch> young =
        Eventually.answer(
            Duration.ofSeconds(60),
            () -> {
              setAge(Duration.ZERO);
              return page();
            },
            page ->
                page.stream()
                    .allMatch(batch -> batch.staleness().orElseThrow().compareTo(INTERVAL) < 0));
    assertThat(watched.recount(young, soon())).isFalse();
    assertThat(commands).containsOnlyKeys("find batches");
  }

  /** Nobody counts the jobs that such a batch carries. */
  @Test
  void archivedBatchKeepsNoOtherOld() {
    countedBefore(Duration.ofSeconds(10));
    fixture.db().jobs().deleteMany(Filters.eq("batch_id", id(7)));
    fixture
        .db()
        .batches()
        .updateOne(
            Filters.eq("batch_id", id(7)),
            Updates.combine(
                Updates.set("total_jobs", 3_000_000), Updates.unset("pulso.figures.total")));
    Eventually.isTrue(
        Duration.ofSeconds(15),
        () -> {
          recount();
          return totals().get(id(8)) == 3;
        });
  }

  @Test
  void costlyBatchWaitsForItsShare() {
    countedBefore(Duration.ofMinutes(1));
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            Filters.eq("_id", JobGroup.of(id(7)).key()),
            Updates.set("count_cost_ms", Duration.ofMinutes(1).toMillis()));
    assertFreshSoon(Set.of(id(7)));
  }

  @Test
  void nothingIsBegunAfterDeadline() {
    assertThat(watched.recount(page(), Deadline.in(Duration.ZERO))).isFalse();
    assertThat(commands).containsOnlyKeys("find batches");
  }
}
