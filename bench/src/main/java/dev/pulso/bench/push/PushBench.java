package dev.pulso.bench.push;

import dev.pulso.bench.Arguments;
import dev.pulso.bench.lab.Report;
import dev.pulso.bench.lab.TextTable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The reach of push on one machine, as {@code bench/push} measures it. */
public final class PushBench implements AutoCloseable {
  private static final int ROUNDS = 2;
  private static final int SAMPLES = 10;

  /** A compared phase takes this part of the time. */
  private static final int PHASES = 30;

  private static final double GOAL_SECONDS = 1.5;
  private static final double BACK_SECONDS = 10;
  private static final Duration SHORTEST_PHASE = Duration.ofSeconds(5);

  private static final String USAGE =
      """
      usage: bench/push [--seconds N] [--connections N] [--changes N] [--batches N] [--kills N]
                        [--only PART]

        --seconds N      how long latency and memory are watched (default 600); the five phases
                         before it, which compare the work of the database, take a thirtieth each
        --connections N  WebSocket connections with one subscription each (default 2000)
        --changes N      job changes per second (default 500)
        --batches N      batches of 400 jobs over which they are spread (default 200)
        --kills N        how often the server is killed at the end (default 3)
        --only PART      compare, watch or kills: only the work of the database, latency and memory,
                         or the return of the clients; kills take about a minute

      Starts mongod itself (MONGOD, else that of the PATH or a fetched one) and ends whatever it
      started.
      """;

  private static final Map<String, Long> DEFAULTS =
      Map.of(
          "--seconds", 600L,
          "--connections", 2_000L,
          "--changes", 500L,
          "--batches", 200L,
          "--kills", 3L);

  private static final List<String> PARTS = List.of("compare", "watch", "kills");

  private final Arguments options;
  private final Duration shortestPhase;
  private final PushLab lab;
  private final Report report = new Report();

  /**
   * @param shortestPhase the least time of a compared phase, between two of them and between kills
   */
  PushBench(Arguments options, Duration shortestPhase, PrintStream out) {
    this.options = options;
    this.shortestPhase = shortestPhase;
    this.lab = new PushLab(options, out);
  }

  public static void main(String[] arguments) {
    Arguments options = Arguments.of(USAGE, DEFAULTS, PARTS, arguments);
    try (PushBench bench = new PushBench(options, SHORTEST_PHASE, System.out)) {
      bench.run();
      System.out.print("\n" + TextTable.of(bench.report()));
    }
  }

  Report report() {
    return report;
  }

  /** Measures everything. */
  void run() {
    lab.awaitCounters();
    try (Writer _ = lab.writer(options.count("--changes"))) {
      if (options.wants("compare")) {
        compare();
      } else {
        lab.connect();
      }
      if (options.wants("watch")) {
        watch();
      }
      if (options.wants("kills")) {
        comeBack();
      }
    }
    report.note(lab.jobs(), "failures that the server told of", "%s", lab.problems());
  }

  /** Compares the work of the database for pollers and for connections, in turn. */
  private void compare() {
    Duration part = Duration.ofSeconds(options.number("--seconds")).dividedBy(PHASES);
    Duration phase = part.compareTo(shortestPhase) < 0 ? shortestPhase : part;
    DatabaseWork nobody = lab.during("nobody", phase);
    DatabaseWork polled = DatabaseWork.NONE;
    DatabaseWork pushed = DatabaseWork.NONE;
    long failedPolls = 0;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0) {
        lab.disconnect();
      }
      try (Pollers pollers = new Pollers(lab.server().port(), lab.busy())) {
        lab.during("the first polls", shortestPhase);
        long before = pollers.polls();
        polled = polled.plus(lab.during("pollers", phase));
        lab.say("%,d polls, %,d failed", pollers.polls() - before, pollers.failed());
        failedPolls += pollers.failed();
      }
      lab.connect();
      pushed = pushed.plus(lab.during("connections", phase));
    }
    report.note(lab.jobs(), "mongod, nobody watches", "%s", nobody);
    report.note(lab.jobs(), "mongod, 200 pollers", "%s", polled);
    report.note(
        lab.jobs(), "mongod, %,d connections".formatted(lab.watchers().size()), "%s", pushed);
    report.note(lab.jobs(), "polls that failed", "%d", failedPolls);
    double processor = pushed.cpuSeconds() / polled.cpuSeconds();
    report.atMost(lab.jobs(), "processor time of mongod against pollers", processor, 1, "times");
    double operations = (double) pushed.perSecond() / polled.perSecond();
    report.atMost(lab.jobs(), "operations of mongod against pollers", operations, 1, "times");
  }

  /** Watches latency and memory. */
  private void watch() {
    Duration length = Duration.ofSeconds(options.number("--seconds"));
    long heapBefore = lab.server().liveHeapMb();
    List<Long> resident = new ArrayList<>(List.of(lab.server().residentMb()));
    Tally before = lab.watchers().count();
    long changes = lab.changes();
    for (int i = 0; i < SAMPLES; i++) {
      lab.switchFor(length.dividedBy(SAMPLES));
      resident.add(lab.server().residentMb());
      lab.say("server %d MB, %s", resident.getLast(), lab.watchers().tally().states);
    }
    double perSecond = (lab.changes() - changes) / (length.toNanos() / 1e9);
    Tally tally = lab.watchers().count();
    report.note(lab.jobs(), "job changes, a second", "%.0f", perSecond);
    report.note(
        lab.jobs(), "messages, a second", "%.0f", tally.messages.sum() / (length.toNanos() / 1e9));
    report.note(lab.jobs(), "new state", "%s", tally.states);
    report.note(lab.jobs(), "first change of a calm batch", "%s", tally.calm);
    report.note(lab.jobs(), "each change of a busy batch", "%s", tally.counters);
    report.atMost(lab.jobs(), "new state, p95", tally.states.percentile(95), GOAL_SECONDS, "s");
    report.atMost(lab.jobs(), "calm batch, p95", tally.calm.percentile(95), GOAL_SECONDS, "s");
    long lost = before.lost.sum() + tally.lost.sum();
    report.atMost(lab.jobs(), "connections lost", lost, 0, "connections");
    long refused = before.refused.sum() + tally.refused.sum();
    report.note(lab.jobs(), "subscriptions that had to be sent again", "%d", refused);
    report.atMost(lab.jobs(), "states not told", tally.missedStates.sum(), 0, "states");
    wrong(before);
    wrong(tally);
    report.note(lab.jobs(), "memory of the server over the time", "%s MB", resident);
    report.note(
        lab.jobs(),
        "its live heap, before and after",
        "%d and %d MB",
        heapBefore,
        lab.server().liveHeapMb());
  }

  private void wrong(Tally tally) {
    long times = tally.wrong().values().stream().mapToLong(Long::longValue).sum();
    report.atMost(lab.jobs(), "wrong messages " + tally.wrong(), times, 0, "messages");
  }

  /** Kills the server again and again, and waits until each client is told what is right. */
  private void comeBack() {
    Latencies told = new Latencies();
    Latencies right = new Latencies();
    Latencies rightSinceReady = new Latencies();
    for (int i = 0; i < options.count("--kills"); i++) {
      lab.switchFor(shortestPhase);
      lab.watchers().count();
      Duration clients = lab.ownCpu();
      DatabaseWork database = lab.databaseWork();
      long killed = System.nanoTime();
      lab.server().kill();
      lab.watchers().forget();
      lab.server().start();
      long ready = System.nanoTime();
      lab.say("ready again after %.2f s", (ready - killed) / 1e9);
      lab.await("clients to come back", () -> lab.watchers().right() == lab.watchers().size());
      lab.watchers().addSince(killed, Watcher::toldAt, told);
      lab.watchers().addSince(killed, Watcher::rightAt, right);
      lab.watchers().addSince(ready, Watcher::rightAt, rightSinceReady);
      lab.say("told: %s; right: %s", told, right);
      lab.say(
          "since the kill: %.1f s of processor time of the server, %.1f s of mongod, %.1f s of the clients",
          lab.server().cpu().toMillis() / 1e3,
          lab.databaseWork().since(database).cpuSeconds(),
          lab.ownCpu().minus(clients).toMillis() / 1e3);
      wrong(lab.watchers().tally());
    }
    long all = (long) lab.watchers().size() * options.count("--kills");
    report.note(lab.jobs(), "from SIGKILL to the first message", "%s", told);
    report.note(lab.jobs(), "from SIGKILL to the right state", "%s", right);
    report.note(lab.jobs(), "from the start to the right state", "%s", rightSinceReady);
    report.atMost(lab.jobs(), "clients that did not come back", all - right.count(), 0, "clients");
    report.atMost(lab.jobs(), "all back", right.percentile(100), BACK_SECONDS, "s");
  }

  @Override
  public void close() {
    lab.close();
  }
}
