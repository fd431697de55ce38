package dev.pulso.bench.push;

import com.mongodb.client.MongoDatabase;
import dev.pulso.bench.Arguments;
import dev.pulso.bench.lab.Loader;
import dev.pulso.local.database.Cluster;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.Document;

/** An installation, the server of {@code ./run} over it, and its clients. */
final class PushLab implements AutoCloseable {
  private static final String DATABASE = "push";
  private static final int JOBS = 400;
  private static final int CALM_BATCHES = 20;
  private static final Pattern CODE = Pattern.compile("\"code\":\"([A-Z_]+)\"");
  private static final int LONGEST_LINE = 200;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Nobody waits longer for clients than that. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final PrintStream out;
  private final Map<String, Long> problems = new ConcurrentSkipListMap<>();
  private final Path home;
  private final Cluster cluster;
  private final List<LoopBatch> busy = new ArrayList<>();
  private final List<LoopBatch> calm = new ArrayList<>();
  private final RunServer server;
  private final Watchers watchers;
  private final Switches switches;

  PushLab(Arguments options, PrintStream out) {
    this.out = out;
    try {
      home = Files.createTempDirectory("pulso-push-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster = Cluster.onDisk(1, "--wiredTigerCacheSizeGB", "1");
    upload(cluster.database(DATABASE), options.count("--batches"));
    server = new RunServer(cluster.uri(), DATABASE, home, this::problem);
    watchers = new Watchers(server.port(), options.count("--connections"), busy, calm);
    switches = new Switches(server.port(), busy);
  }

  private void upload(MongoDatabase database, int batches) {
    Loader loader = new Loader(database);
    loader.makeUsualIndexes();
    for (int i = 0; i < batches; i++) {
      busy.add(new LoopBatch(database, loader, "busy-" + i, JOBS));
    }
    for (int i = 0; i < CALM_BATCHES; i++) {
      calm.add(new LoopBatch(database, loader, "calm-" + i, JOBS));
    }
    say("%,d batches of %d jobs", busy.size() + calm.size(), JOBS);
  }

  /** Notes a line about a failure; the first of each kind is printed. */
  private void problem(String line) {
    Matcher code = CODE.matcher(line);
    String kind = code.find() ? code.group(1) : line.replaceAll(".* - |[:0-9].*", "");
    if (problems.merge(kind, 1L, Long::sum) == 1) {
      say("./run: %s", line.substring(0, Math.min(line.length(), LONGEST_LINE)));
    }
  }

  void say(String format, Object... values) {
    out.printf(format + "%n", values);
  }

  /** Returns how often the server told of each kind of failure. */
  Map<String, Long> problems() {
    return problems;
  }

  long jobs() {
    return (long) JOBS * (busy.size() + calm.size());
  }

  /** Returns the batches that change all the time. */
  List<LoopBatch> busy() {
    return busy;
  }

  RunServer server() {
    return server;
  }

  Watchers watchers() {
    return watchers;
  }

  Writer writer(int changesPerSecond) {
    return new Writer(busy, changesPerSecond, calm);
  }

  /** Waits until all batches are counted: until then clients are told what the uploads say. */
  void awaitCounters() {
    Document counted = new Document("pulso.figures.total", JOBS);
    long batches = (long) busy.size() + calm.size();
    await("counters", () -> documents("batches", counted) == batches);
  }

  /** Connects all clients, and waits until each was told something. */
  void connect() {
    long start = System.nanoTime();
    Duration cpu = server.cpu();
    watchers.start();
    await("clients to be told", () -> watchers.told() == watchers.size());
    say(
        "%,d connected, told after %s; %d ms of the server's processor time",
        watchers.size(),
        watchers.since(start, Watcher::toldAt),
        server.cpu().minus(cpu).toMillis());
  }

  /** Returns what the database did during a phase. */
  DatabaseWork during(String what, Duration length) {
    DatabaseWork before = databaseWork();
    Duration cpu = server.cpu();
    Duration own = ownCpu();
    long changes = changes();
    switchFor(length);
    DatabaseWork work = databaseWork().since(before);
    say(
        "%s: %.0f changes a second; mongod %s; the server %.0f %% of a core, the clients %.0f %%",
        what,
        (changes() - changes) / work.seconds(),
        work,
        100 * server.cpu().minus(cpu).toMillis() / (work.seconds() * 1e3),
        100 * ownCpu().minus(own).toMillis() / (work.seconds() * 1e3));
    return work;
  }

  /** Returns what the database has done so far. */
  DatabaseWork databaseWork() {
    return DatabaseWork.of(cluster.client());
  }

  /** Returns the processor time of this process, which are the clients and the writers. */
  Duration ownCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Returns how many changes all batches had. */
  long changes() {
    return Stream.concat(busy.stream(), calm.stream()).mapToLong(LoopBatch::changes).sum();
  }

  /** Pauses a batch and resumes another one each second. */
  void switchFor(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    for (long next = System.nanoTime(); next < end; next += SECOND.toNanos()) {
      LockSupport.parkNanos(next - System.nanoTime());
      switches.step();
    }
    LockSupport.parkNanos(end - System.nanoTime());
  }

  /** Ends all connections. */
  void disconnect() {
    watchers.stop();
    await("connections to end", () -> documents("pulso_connections", new Document()) == 0);
  }

  private long documents(String collection, Document filter) {
    return cluster.database(DATABASE).getCollection(collection).countDocuments(filter);
  }

  /** Waits, not for ever: what is missing then stands in the report. */
  void await(String what, BooleanSupplier isDone) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isDone.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    if (!isDone.getAsBoolean()) {
      say("waited in vain for %s: %s", what, watchers.missing());
    }
  }

  @Override
  public void close() {
    watchers.close();
    switches.close();
    server.close();
    cluster.close();
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
