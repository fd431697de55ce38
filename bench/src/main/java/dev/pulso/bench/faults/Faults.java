package dev.pulso.bench.faults;

import dev.pulso.bench.Arguments;
import dev.pulso.bench.process.Child;
import dev.pulso.local.database.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Faults during cancels, with real processes. */
public final class Faults {
  private static final String USAGE =
      """
      usage: bench/faults [--tries N] [--seed N]

        --tries N   how often the API process is killed (default 100); the other faults are tried
                    less often
        --seed N    the seed that an earlier run printed: the same moments and jobs again, as far
                    as the machine is as busy

      Starts mongod itself (MONGOD, else that of the PATH or a fetched one) and ends whatever it started.
      """;

  private final Duration timeout;
  private final Duration patience;
  private final int jobs;
  private final long seed;

  /**
   * @param timeout of the functions; leases of dead processes expire within it
   * @param patience time to finish everything after the last fault
   * @param jobs per batch
   */
  public Faults(Duration timeout, Duration patience, int jobs, long seed) {
    this.timeout = timeout;
    this.patience = patience;
    this.jobs = jobs;
    this.seed = seed;
  }

  public static void main(String[] arguments) {
    Arguments options =
        Arguments.of(
            USAGE, Map.of("--tries", 100L, "--seed", System.nanoTime()), List.of(), arguments);
    long seed = options.number("--seed");
    System.out.println("seed " + seed);
    System.exit(all(options.count("--tries"), seed) ? 0 : 1);
  }

  private static boolean all(int tries, long seed) {
    int few = Math.max(1, tries / 10);
    Faults faults = new Faults(Duration.ofSeconds(29), Duration.ofMinutes(5), 8_000, seed);
    System.out.println("| fault | tries | invariants held | seen |");
    System.out.println("| --- | ---: | ---: | --- |");
    boolean well = true;
    for (Supplier<Outcome> fault :
        List.<Supplier<Outcome>>of(
            () -> faults.apiKilled(tries),
            () -> faults.databaseKilled(2 * few),
            () -> new KilledBetween().tries(5 * few),
            () -> faults.stepDown(2 * few),
            () -> new Freeze(Freeze.ANSWERED).tries(3, Duration.ofSeconds(15)))) {
      well &= print(fault.get());
    }
    if (WrongClock.library().isPresent()) {
      well &= print(WrongClock.tries(2 * few));
    } else {
      System.out.println("| clocks an hour off | 0 | | not tried: libfaketime is not installed |");
    }
    return well;
  }

  private static boolean print(Outcome outcome) {
    System.out.printf(
        "| %s | %d | %d | %s |%n",
        outcome.fault(), outcome.tries(), outcome.held(), outcome.notes());
    outcome.breaches().forEach(breach -> System.err.println("  BROKEN: " + breach));
    return outcome.isWell();
  }

  /** Kills the API process (SIGKILL) at random moments of cancels. */
  public Outcome apiKilled(int tries) {
    try (Cluster cluster = cluster(1);
        Round round = new Round(cluster, timeout, jobs, seed)) {
      round.undisturbed("undisturbed");
      round.api().close();
      round.startApi();
      for (int i = 0; i < tries; i++) {
        round.hit("killed-" + i, () -> Child.kill(round.api().process()));
        round.startApi();
      }
      return round.outcome("SIGKILL of the API process", patience);
    }
  }

  /** Kills and restarts mongod at random moments of cancels. */
  public Outcome databaseKilled(int tries) {
    return hit("SIGKILL and restart of mongod", tries, 1, Cluster::killAndRestart);
  }

  /** Makes the primary of three members step down at random moments of cancels. */
  public Outcome stepDown(int tries) {
    return hit("step-down of the primary of three", tries, 3, Cluster::stepDown);
  }

  private Outcome hit(String name, int tries, int members, Consumer<Cluster> fault) {
    try (Cluster cluster = cluster(members);
        Round round = new Round(cluster, timeout, jobs, seed)) {
      round.undisturbed("cold");
      round.undisturbed("undisturbed");
      for (int i = 0; i < tries; i++) {
        round.hit("hit-" + i, () -> fault.accept(cluster));
        cluster.awaitPrimary();
      }
      return round.outcome(name, patience);
    }
  }

  private static Cluster cluster(int size) {
    return Cluster.onDisk(size, "--wiredTigerCacheSizeGB", "0.5");
  }
}
