package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.counting.ExpectedSums.Adds;
import dev.pulso.mongo.Lenient;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Whoever acts at whatever moment, and whoever dies: overviews show what Pulso changed. */
class ActiveSumsIT extends ActiveSumsWorld {
  private static final int STEPS = 250;
  private static final int CALLS = 10;

  private final ExpectedSums expected = new ExpectedSums();
  private long seq;

  private static final class Death extends Error {}

  @Test
  void overviewShowsWhatPulsoChanged() {
    afterRefresh();
    int refreshed = 0;
    int died = 0;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(8)) {
        case 0 -> letTimePass();
        case 1 -> changeByHand();
        case 2 -> recount();
        case 3, 4 -> act();
        case 5 -> died += refreshAndDie() ? 1 : 0;
        case 6 -> refreshWhile(this::act);
        default -> refresh(fixture.pulso());
      }
      refreshed += afterRefresh() ? 1 : 0;
      isShown("seed %d, step %d".formatted(SEED, step));
    }
    assertThat(refreshed).as("refreshes").isGreaterThan(STEPS / 5);
    assertThat(died).as("deaths").isGreaterThan(STEPS / 20);
    refresh(fixture.pulso());
    afterRefresh();
    isShown("in the end");
    assertThat(overview(View.ALL).batches().active())
        .isEqualTo(fixture.db().batches().countDocuments(new Document("is_active", true)));
  }

  private void act() {
    Document batch = any();
    String id = batch.getString("batch_id");
    if (batch.get("cancelled_at") != null) {
      return;
    }
    if (!batch.getBoolean("is_active")) {
      fixture.resume(id);
    } else if (random.nextInt(4) == 0) {
      fixture.cancel(id, null);
    } else {
      fixture.pause(id);
    }
    expected.act(id);
  }

  private void changeByHand() {
    Document batch = any();
    String id = batch.getString("batch_id");
    if (random.nextBoolean()) {
      insert();
    } else if (random.nextBoolean() && !expected.isActed(id)) {
      fixture.db().batches().deleteOne(new Document("batch_id", id));
    } else if (batch.get("cancelled_at") == null) {
      boolean active = batch.getBoolean("is_active");
      set(id, new Document("is_active", !active));
    }
  }

  /** Writes what a recount writes: the counters of the batch, then the open snapshot. */
  private void recount() {
    String id = any().getString("batch_id");
    set(id, new Document("pulso.figures.total", (long) random.nextInt(100)));
    writeSnapshot(id, Long.MAX_VALUE);
    if (random.nextBoolean()) {
      long fold = Lenient.count(fixture.db().progress().find(COUNTING).first().get("seq")) + 1;
      writeSnapshot(id, fold);
      fixture.db().progress().updateOne(COUNTING, new Document("$set", new Document("seq", fold)));
    }
  }

  private void letTimePass() {
    Document back = new Document("$subtract", List.of("$pulso.acted_at", 120_000L));
    fixture
        .db()
        .batches()
        .updateMany(
            Document.parse("{'pulso.acted_at': {$exists: true}}"),
            List.of(new Document("$set", new Document("pulso.acted_at", back))));
    fixture
        .db()
        .progress()
        .updateOne(
            new Document(COUNTING).append("active", new Document("$exists", true)),
            List.of(
                Document.parse(
                    "{$set: {'active.since': {$subtract: ['$active.since', 120000]},"
                        + " 'active.summed_at': {$subtract: ['$active.summed_at', 120000]}}}")));
    expected.letTimePass();
  }

  private boolean refreshAndDie() {
    try {
      refreshWhile(
          () -> {
            throw new Death();
          });
      return false;
    } catch (Death death) {
      fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {lease_until: 1}}"));
      return true;
    }
  }

  /** Something happens before one of the calls to the database. */
  private void refreshWhile(Runnable happening) {
    int call = 1 + random.nextInt(CALLS);
    int[] calls = {0};
    CommandListener listener =
        new CommandListener() {
          @Override
          public void commandStarted(CommandStartedEvent event) {
            if (++calls[0] == call) {
              happening.run();
            }
          }
        };
    Pulso other = fixture.another(listener);
    try {
      refresh(other);
    } finally {
      calls[0] = CALLS;
      other.close();
    }
  }

  /** Whether new sums are stored. */
  private boolean afterRefresh() {
    Document sums = sums();
    if (sums.isEmpty() || sums.getLong("seq") == seq) {
      return false;
    }
    seq = sums.getLong("seq");
    expected.store(all());
    return true;
  }

  private void isShown(String when) {
    List<Adds> adds =
        sums().isEmpty() ? all().stream().map(Adds::of).toList() : expected.shown(all());
    is(when, View.ALL, adds);
    for (String account : List.of("acc-0", "acc-1", "acc-2")) {
      is(
          when + " " + account,
          View.of(Caller.ANONYMOUS, Optional.of(account)),
          adds.stream().filter(a -> a.account().equals(account)).toList());
    }
  }

  private void is(String when, View view, List<Adds> adds) {
    Overview.Batches batches = overview(view).batches();
    assertThat(List.of(batches.active(), batches.totalJobs()))
        .as(when)
        .isEqualTo(
            List.of(
                adds.stream().mapToLong(Adds::active).sum(),
                adds.stream().mapToLong(Adds::jobs).sum()));
  }

  private Document any() {
    List<Document> all = all();
    return all.get(random.nextInt(all.size()));
  }
}
