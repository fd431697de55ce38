package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ExplainVerbosity;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.pulso.Pulso;
import dev.pulso.access.Caller;
import dev.pulso.access.Origin;
import dev.pulso.batch.BatchAddress;
import dev.pulso.fixture.PulsoFixture;
import dev.pulso.mongo.Leases.Lease;
import dev.pulso.mongo.Lenient;
import dev.pulso.overview.Overview;
import dev.pulso.overview.View;
import dev.pulso.time.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever acts at whatever moment, and whoever dies: overviews show what Pulso changed. */
class ActiveSumsIT {
  private static final long SEED = 20_251_126;
  private static final int STEPS = 250;
  private static final int CALLS = 10;
  private static final int FEW = 5;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Document COUNTING = new Document("_id", "counting");

  @AutoClose private final PulsoFixture fixture = PulsoFixture.open();
  private final Random random = new Random(SEED);

  /** What the sums are to hold of each batch. */
  private final Map<String, Adds> held = new HashMap<>();

  /** Batches that Pulso changed, those of late, and those of more than a minute ago. */
  private final Set<String> acted = new HashSet<>();

  private final Set<String> actedLongAgo = new HashSet<>();
  private int made;
  private long seq;

  private record Adds(String account, long active, long jobs) {}

  private static final class Death extends Error {}

  @BeforeEach
  void count() {
    for (int i = 0; i < 10; i++) {
      insert();
    }
    fixture.pulso().runUpkeep(LONG);
    // As in a large installation: overviews look at nothing but what is stored.
    Date later = Date.from(fixture.db().now().plus(Duration.ofHours(1)));
    Document look =
        new Document("looks.UTC.cost_ms", 10_000L)
            .append("looks.UTC.due_at", later)
            .append("looks.UTC.looked_at", later);
    fixture.db().progress().updateOne(COUNTING, new Document("$set", look));
    refresh(fixture.pulso());
    afterRefresh();
  }

  @Test
  void overviewShowsWhatPulsoChanged() {
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

  @Test
  void oddValuesAddUpAsTheyAreRead() {
    List<Object> values = Arrays.asList(null, -1, 2.5, 0.1, "3", Double.NaN, 1e300, List.of(4));
    for (Object value : values) {
      fixture.batches(
          batch("odd" + made++)
              .append("account_id", List.of("acc-0"))
              .append("total_jobs", value)
              .append("total_cost", value)
              .append("total_minutes", value));
      insert();
      set("b" + (made - 1), new Document("is_active", true).append("pulso.figures", value));
    }
    refresh(fixture.pulso());
    Overview.Batches summed = overview(View.ALL).batches();
    fixture.db().progress().updateOne(COUNTING, Document.parse("{$unset: {active: 1}}"));
    assertThat(overview(View.ALL).batches()).isEqualTo(summed);
    assertThat(summed.cost()).isEqualByComparingTo("2.6");
  }

  @Test
  void readsNoBatchThatStays() {
    for (int i = 0; i < 100; i++) {
      insert();
      set("b" + (made - 1), new Document("pulso.figures.total", 7L));
    }
    refresh(fixture.pulso());
    writeSnapshot("b" + (made - 1), Long.MAX_VALUE);
    Document sums = sums();
    Document plan =
        fixture
            .db()
            .batches()
            .find(new SumChanges(fixture.db()).since(sums.getLong("folded"), sums.getLong("seq")))
            .explain(ExplainVerbosity.EXECUTION_STATS);
    long read = plan.get("executionStats", Document.class).getInteger("totalDocsExamined");
    // The uncounted ones, and the one that was recounted.
    assertThat(read).isBetween(1L, 11L);
  }

  private void act() {
    Document batch = any();
    BatchAddress address = new BatchAddress(batch.getString("batch_id"));
    if (batch.get("cancelled_at") != null) {
      return;
    }
    if (!batch.getBoolean("is_active")) {
      fixture.pulso().services().pause().resume(Caller.ANONYMOUS, address, Origin.NONE);
    } else if (random.nextInt(4) == 0) {
      fixture
          .pulso()
          .services()
          .cancel()
          .cancel(Caller.ANONYMOUS, address, Optional.empty(), Origin.NONE, Deadline.in(LONG));
    } else {
      fixture.pulso().services().pause().pause(Caller.ANONYMOUS, address, Origin.NONE);
    }
    acted.add(batch.getString("batch_id"));
    actedLongAgo.remove(batch.getString("batch_id"));
  }

  private void changeByHand() {
    Document batch = any();
    String id = batch.getString("batch_id");
    if (random.nextBoolean()) {
      insert();
    } else if (random.nextBoolean() && !isActed(id)) {
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

  private void writeSnapshot(String batchId, long openSeq) {
    fixture
        .db()
        .counterSnapshots()
        .updateOne(
            new Document("_id", JobGroup.of(batchId).key()),
            new Document("$set", new Document("open_seq", openSeq)),
            new UpdateOptions().upsert(true));
  }

  private void insert() {
    String id = "b" + made++;
    fixture.batches(
        batch(id)
            .append("account_id", "acc-" + random.nextInt(3))
            .append("is_active", random.nextInt(4) > 0)
            .append("total_jobs", random.nextInt(50)));
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
    actedLongAgo.addAll(acted);
  }

  private static void refresh(Pulso pulso) {
    RefreshProgress.Store progress = new RefreshProgress.Store(pulso.db(), ZoneOffset.UTC);
    Lease<RefreshProgress> lease = progress.lease().orElseThrow();
    new ActiveSums(pulso.db(), FEW).store(lease, Deadline.in(LONG));
    progress.release(lease, new IllegalStateException());
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
    Pulso other = fixture.another(builder -> builder.addCommandListener(listener));
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
    held.clear();
    all().forEach(batch -> held.put(batch.getString("batch_id"), adds(batch)));
    acted.removeAll(actedLongAgo);
    actedLongAgo.clear();
    return true;
  }

  private Document sums() {
    Document progress = fixture.db().progress().find(COUNTING).first();
    return Lenient.document(progress.get("active"));
  }

  private void isShown(String when) {
    Map<String, Adds> shown = new HashMap<>(held);
    all().stream()
        .filter(batch -> isActed(batch.getString("batch_id")))
        .forEach(batch -> shown.put(batch.getString("batch_id"), adds(batch)));
    List<Adds> adds =
        sums().isEmpty()
            ? all().stream().map(ActiveSumsIT::adds).toList()
            : List.copyOf(shown.values());
    is(when, View.ALL, adds);
    for (String account : List.of("acc-0", "acc-1", "acc-2")) {
      is(
          when + " " + account,
          View.of(Caller.ANONYMOUS, Optional.of(account)),
          adds.stream().filter(a -> a.account.equals(account)).toList());
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

  private boolean isActed(String id) {
    return acted.contains(id);
  }

  private static Adds adds(Document batch) {
    String account = batch.getString("account_id");
    if (!batch.getBoolean("is_active") || batch.get("cancelled_at") != null) {
      return new Adds(account, 0, 0);
    }
    Object counted =
        Optional.ofNullable(batch.get("pulso", Document.class))
            .map(pulso -> pulso.get("figures", Document.class))
            .map(figures -> figures.get("total"))
            .orElse(batch.get("total_jobs"));
    return new Adds(account, 1, ((Number) counted).longValue());
  }

  private Overview overview(View view) {
    return fixture.pulso().services().overview().overview(view, Deadline.in(LONG));
  }

  private Document any() {
    List<Document> all = all();
    return all.get(random.nextInt(all.size()));
  }

  private void set(String id, Document fields) {
    fixture.db().batches().updateOne(new Document("batch_id", id), new Document("$set", fields));
  }

  private List<Document> all() {
    return fixture.db().batches().find().sort(new Document("_id", 1)).into(new ArrayList<>());
  }
}
