package dev.pulso.bench.faults;

import dev.pulso.bench.process.Child;
import dev.pulso.bench.process.Cluster;
import java.time.Duration;
import java.util.function.Consumer;

/** The faults that hit cancels, each with real processes. */
public final class Faults {
  private final Duration timeout;
  private final Duration patience;
  private final int jobs;
  private final long seed;

  /**
   * @param timeout of the functions: the leases of the dead run out within it
   * @param patience for all to be done after the last fault
   * @param jobs per batch
   */
  public Faults(Duration timeout, Duration patience, int jobs, long seed) {
    this.timeout = timeout;
    this.patience = patience;
    this.jobs = jobs;
    this.seed = seed;
  }

  /** The API process gets SIGKILL at random moments of cancels. */
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

  /** mongod gets SIGKILL at random moments of cancels, and starts again. */
  public Outcome databaseKilled(int tries) {
    return hit("SIGKILL and restart of mongod", tries, 1, Cluster::killAndRestart);
  }

  /** The primary of three steps down at random moments of cancels. */
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
    return new Cluster(size, "--wiredTigerCacheSizeGB", "0.5");
  }
}
