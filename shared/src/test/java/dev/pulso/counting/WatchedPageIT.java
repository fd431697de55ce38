package dev.pulso.counting;

import static dev.pulso.fixture.Builders.jobs;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.batch.Batch;
import dev.pulso.mongo.JobIndexes;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WatchedPageIT extends WatchedPageWorld {
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
    writes.clear();
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
    // On a busy server, each is written alone afterwards.
    assertThat(writes.stream().filter(ids -> ids.size() > 1)).hasSize(1);
    assertThat(commands)
        .satisfies(sent -> assertThat(sent.get("aggregate jobs")).isLessThanOrEqualTo(2))
        .satisfies(sent -> assertThat(sent.get("update pulso_tallies")).isLessThanOrEqualTo(3))
        .satisfies(sent -> assertThat(sent.get("find pulso_tallies")).isLessThanOrEqualTo(1));
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
}
