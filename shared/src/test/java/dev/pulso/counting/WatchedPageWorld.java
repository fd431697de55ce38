package dev.pulso.counting;

import static dev.pulso.fixture.Builders.batch;
import static dev.pulso.fixture.Builders.jobs;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

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
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A page of thirty batches, and the commands of the process that watches it. */
abstract class WatchedPageWorld {
  static final int BATCHES = 30;

  final PulsoFixture fixture = PulsoFixture.open();
  final Map<String, Integer> commands = new ConcurrentHashMap<>();

  /** The batches that each update was about. */
  final Queue<Set<String>> writes = new ConcurrentLinkedQueue<>();

  final CommandListener listener =
      new CommandListener() {
        @Override
        public void commandStarted(CommandStartedEvent event) {
          String name = event.getCommandName();
          if (event.getCommand().isString(name)) {
            String collection = event.getCommand().getString(name).getValue();
            commands.merge(name + " " + collection, 1, Integer::sum);
            Set<String> ids = idsIn(event.getCommand().toJson());
            if (name.equals("update") && ids.size() > 1) {
              commands.merge("update many " + collection, 1, Integer::sum);
            }
            if (name.equals("update") && collection.equals("batches")) {
              writes.add(ids);
            }
          }
        }
      };

  final Pulso pulso = fixture.another(listener);

  final WatchedPage watched =
      new WatchedPage(
          new Recounter(pulso.db(), ZoneOffset.UTC, new JobIndexes(pulso.db())), Batch::isActive);

  @BeforeEach
  void upload() {
    for (int i = 0; i < BATCHES; i++) {
      fixture.batches(batch(id(i)).append("is_active", i % 3 != 0));
      fixture.jobs(jobs(2, id(i), "pending"));
    }
  }

  /** The fixture last: it gives its database back once nobody uses it. */
  @AfterEach
  void close() {
    pulso.close();
    fixture.close();
  }

  /** What one request leaves out on a busy server, a later one counts. */
  void assertFreshSoon(Set<String> locked) {
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          recount();
          return totals().equals(freshBut(locked));
        });
  }

  static Map<String, Long> freshBut(Set<String> locked) {
    return IntStream.range(0, BATCHES)
        .mapToObj(WatchedPageWorld::id)
        .collect(toMap(id -> id, id -> isActive(id) && !locked.contains(id) ? 3L : 2L));
  }

  /** Counts all batches so long ago, and adds a job to each. */
  void countedBefore(Duration age) {
    countAll(watched);
    for (int i = 0; i < BATCHES; i++) {
      fixture.jobs(jobs(1, id(i), "pending"));
    }
    setAge(age);
    commands.clear();
    writes.clear();
  }

  /** Makes all counters so old. */
  void setAge(Duration age) {
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
  }

  /** Counts all batches, and returns how many requests that took: more than one if all is slow. */
  int countAll(WatchedPage by) {
    AtomicInteger requests = new AtomicInteger();
    Eventually.isTrue(
        Duration.ofSeconds(60),
        () -> {
          requests.incrementAndGet();
          by.recount(page(), soon());
          return totals().values().stream().allMatch(total -> total == 2);
        });
    return requests.get();
  }

  boolean recount() {
    return watched.recount(page(), soon());
  }

  List<Batch> page() {
    return new Batches(pulso.db()).findSome(new Document(), BATCHES);
  }

  Map<String, Long> totals() {
    Map<String, Long> totals = new TreeMap<>();
    for (Batch batch : page()) {
      totals.put(batch.name(), batch.counters().total());
    }
    return totals;
  }

  private static Set<String> idsIn(String command) {
    return Pattern.compile("\"(b-\\d+)\"")
        .matcher(command)
        .results()
        .map(match -> match.group(1))
        .collect(toSet());
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  static String id(int i) {
    return "b-" + i;
  }

  static boolean isActive(String id) {
    return Integer.parseInt(id.substring(2)) % 3 != 0;
  }
}
