package dev.pulso.counting;

import static dev.pulso.fixture.Builders.LONG_AGO;
import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Batch;
import dev.pulso.batch.Batches;
import dev.pulso.fixture.Eventually;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchedPageIT {
  private static final int BATCHES = 30;

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final Map<String, Integer> commands = new ConcurrentHashMap<>();
  private final CommandListener listener =
      new CommandListener() {
        @Override
        public void commandStarted(CommandStartedEvent event) {
          String name = event.getCommandName();
          if (event.getCommand().isString(name)) {
            String collection = event.getCommand().getString(name).getValue();
            commands.merge(name + " " + collection, 1, Integer::sum);
          }
        }
      };

  @AutoClose
  private final Pulso pulso = fixture.another(client -> client.addCommandListener(listener));

  private final WatchedPage watched =
      new WatchedPage(new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db())));

  @BeforeEach
  void upload() {
    for (int i = 0; i < BATCHES; i++) {
      fixture.batches(batch(id(i)).append("is_active", i % 3 != 0));
      fixture.jobs(jobs(2, id(i), "pending"));
    }
  }

  @Test
  void everyUncountedBatchIsCounted() {
    assertThat(recount()).isTrue();
    assertThat(totals().values()).containsOnly(2L);
    assertThat(commands).containsEntry("aggregate jobs", 2);
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
    try (Pulso busy = fixture.another(client -> client.addCommandListener(slow))) {
      Recounter recounter = new Recounter(busy.db(), ZoneOffset.UTC, new JobIndexes(busy.db()));
      assertThat(new WatchedPage(recounter).recount(page(), soon())).isTrue();
    }
    assertThat(totals().values()).containsOnly(2L);
  }

  @Test
  void dueActiveBatchesAreRecounted() {
    countedBefore(Duration.ofMinutes(1));
    assertFreshSoon(Set.of());
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
    int recounted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(watchers.size())) {
      for (Future<Boolean> watcher : threads.invokeAll(watchers)) {
        recounted += watcher.get() ? 1 : 0;
      }
    }
    assertThat(recounted).isEqualTo(1);
    assertThat(commands)
        .containsEntry("update batches", 1)
        .satisfies(sent -> assertThat(sent.get("aggregate jobs")).isLessThanOrEqualTo(2))
        .satisfies(sent -> assertThat(sent.get("update pulso_tallies")).isLessThanOrEqualTo(3))
        .satisfies(sent -> assertThat(sent.get("find pulso_tallies")).isLessThanOrEqualTo(1));
  }

  @Test
  void lockedBatchKeepsNoOtherBack() {
    countedBefore(Duration.ofMinutes(1));
    whileLocked(id(7), () -> assertFreshSoon(Set.of(id(7))));
  }

  @Test
  void batchLeftBehindIsRecountedApart() {
    countedBefore(Duration.ofSeconds(6));
    fixture
        .db()
        .batches()
        .updateOne(
            Filters.eq("batch_id", id(7)),
            Updates.set("pulso.figures.taken_at", Date.from(LONG_AGO)));
    whileLocked(
        id(7),
        () -> {
          assertThat(recount()).isTrue();
          assertThat(totals()).isEqualTo(freshBut(Set.of(id(7))));
          assertThat(commands).containsEntry("update batches", 2);
        });
  }

  private void whileLocked(String batchId, Runnable task) {
    try (ClientSession somebody = fixture.db().client().startSession()) {
      somebody.startTransaction();
      fixture
          .db()
          .batches()
          .updateOne(somebody, Filters.eq("batch_id", batchId), Updates.set("theirs", 1));
      task.run();
      somebody.abortTransaction();
    }
  }

  /** What one request leaves out on a busy server, a later one counts. */
  private void assertFreshSoon(Set<String> locked) {
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          recount();
          return totals().equals(freshBut(locked));
        });
  }

  private static Map<String, Long> freshBut(Set<String> locked) {
    return IntStream.range(0, BATCHES)
        .mapToObj(WatchedPageIT::id)
        .collect(toMap(id -> id, id -> isActive(id) && !locked.contains(id) ? 3L : 2L));
  }

  @Test
  void youngCountersAreShownAsTheyAre() {
    recount();
    fixture.jobs(jobs(1, id(1), "pending"));
    commands.clear();
    assertThat(recount()).isFalse();
    assertThat(commands).containsOnlyKeys("find batches");
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
    assertThat(recount()).isTrue();
    assertThat(totals()).containsEntry(id(7), 2L).containsEntry(id(8), 3L);
  }

  @Test
  void nothingIsBegunAfterDeadline() {
    assertThat(watched.recount(page(), Deadline.in(Duration.ZERO))).isFalse();
    assertThat(commands).containsOnlyKeys("find batches");
  }

  /** Counts all batches so long ago, and adds a job to each. */
  private void countedBefore(Duration age) {
    Eventually.isTrue(
        Duration.ofSeconds(20),
        () -> {
          recount();
          return totals().values().stream().allMatch(total -> total == 2);
        });
    Date then = Date.from(fixture.db().now().minus(age));
    fixture
        .db()
        .batches()
        .updateMany(
            new Document(),
            Updates.combine(
                Updates.set("pulso.figures.taken_at", then), Updates.set("pulso.due_at", then)));
    fixture
        .db()
        .counterSnapshots()
        .updateMany(
            new Document(),
            Updates.combine(Updates.set("taken_at", then), Updates.set("count_cost_ms", 0L)));
    for (int i = 0; i < BATCHES; i++) {
      fixture.jobs(jobs(1, id(i), "pending"));
    }
    commands.clear();
  }

  private boolean recount() {
    return watched.recount(page(), soon());
  }

  private List<Batch> page() {
    return new Batches(pulso.db()).findSome(new Document(), BATCHES);
  }

  private Map<String, Long> totals() {
    Map<String, Long> totals = new TreeMap<>();
    for (Batch batch : page()) {
      totals.put(batch.name(), batch.counters().total());
    }
    return totals;
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static String id(int i) {
    return "b-" + i;
  }

  private static boolean isActive(String id) {
    return Integer.parseInt(id.substring(2)) % 3 != 0;
  }
}
